package dev.culvert.edge.web;

import dev.culvert.protocols.stream.HeaderList;

/// What a request wants for an answer. Stateless.
public final class Accept {
    private Accept() {}

    /// Whether it is a person's, who reads pages; programs get JSON.
    public static boolean page(HeaderList headers) {
        String accept = headers.first("accept");
        return accept != null && accept.contains("text/html");
    }
}
