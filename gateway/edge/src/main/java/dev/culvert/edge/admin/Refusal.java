package dev.culvert.edge.admin;

import org.jspecify.annotations.Nullable;

/// A request refused before the state is asked.
final class Refusal extends Exception {
    final int status;
    final String code;
    final String next;
    final @Nullable String allow;

    Refusal(int status, String code, String message, String next, @Nullable String allow) {
        super(message);
        this.status = status;
        this.code = code;
        this.next = next;
        this.allow = allow;
    }

    Refusal(int status, String code, String message, String next) {
        this(status, code, message, next, null);
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid", message, "correct the body");
    }
}
