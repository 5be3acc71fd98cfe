package dev.culvert.protocols.websocket;

import dev.culvert.protocols.stream.HeaderList;

/// Status line and header fields of an HTTP/1.1 response.
///
/// Immutable by agreement: `headers` changes hands with the record.
///
/// @param status 100 to 999
/// @param reason as sent, often empty
public record ResponseHead(int status, String reason, HeaderList headers) {}
