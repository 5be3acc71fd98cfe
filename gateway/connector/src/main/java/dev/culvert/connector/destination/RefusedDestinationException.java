package dev.culvert.connector.destination;

import java.io.IOException;

/// The rules do not permit a destination; nothing was dialled. The message says why, for the log.
public final class RefusedDestinationException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedDestinationException(String reason) {
        super(reason);
    }
}
