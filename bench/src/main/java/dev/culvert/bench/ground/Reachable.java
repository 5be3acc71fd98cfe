package dev.culvert.bench.ground;

import java.io.IOException;

/// Waits until a service answers through a relay whose log does not say so. Blocking; holds no state.
final class Reachable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long PAUSE_MILLIS = 50;

    private Reachable() {}

    /// @param program whose end ends the waiting
    static void await(Endpoint web, Program program) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Http http = Http.open(web)) {
                http.send("GET /small HTTP/1.1", "Host: " + web.hostHeader());
                http.expect(200);
                return;
            } catch (IOException e) {
                if (!program.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(
                            program.role()
                                    + " is not reachable: "
                                    + e.getMessage()
                                    + "; "
                                    + program.log(),
                            e);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
