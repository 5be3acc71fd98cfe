package dev.culvert.bench.ground;

/// A failure in one line, for a table. Holds no state.
public final class Failure {
    private static final int MAX = 300;

    private Failure() {}

    public static String line(Throwable failure) {
        String message = failure.getMessage();
        String line =
                (message == null ? failure.toString() : message).strip().replaceAll("\\s+", " ");
        return line.length() <= MAX
                ? line
                : line.substring(0, MAX / 3) + " … " + line.substring(line.length() - MAX * 2 / 3);
    }
}
