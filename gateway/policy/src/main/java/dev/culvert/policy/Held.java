package dev.culvert.policy;

/// Whether a condition holds. `UNKNOWN`: it depends on who the caller is, and nobody has signed in.
public enum Held {
    YES,
    NO,
    UNKNOWN;

    static Held of(boolean holds) {
        return holds ? YES : NO;
    }

    Held not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNKNOWN -> UNKNOWN;
        };
    }

    Held and(Held other) {
        if (this == NO || other == NO) {
            return NO;
        }
        return this == YES ? other : UNKNOWN;
    }

    Held or(Held other) {
        return not().and(other.not()).not();
    }
}
