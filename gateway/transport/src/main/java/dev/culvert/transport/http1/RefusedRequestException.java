package dev.culvert.transport.http1;

/// A request that is answered with an error before it becomes a stream. Immutable.
final class RefusedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param sentence for the client
    RefusedRequestException(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
