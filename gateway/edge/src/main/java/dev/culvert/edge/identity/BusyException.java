package dev.culvert.edge.identity;

/// Too many passwords are being checked at this moment; the same request may succeed a little later.
public final class BusyException extends Exception {
    private static final long serialVersionUID = 1;

    BusyException() {
        super("too many passwords are being checked at once");
    }
}
