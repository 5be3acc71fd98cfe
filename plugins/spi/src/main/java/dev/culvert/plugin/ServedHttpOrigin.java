package dev.culvert.plugin;

/// An HTTP service that lives in this process, without a socket.
public non-sealed interface ServedHttpOrigin extends Origin, HttpHandler {}
