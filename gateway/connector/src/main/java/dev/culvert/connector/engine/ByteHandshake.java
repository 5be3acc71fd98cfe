package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.Handshake;
import org.jspecify.annotations.Nullable;

/// How the connector, as WebSocket server, takes a stream to a service of bytes. A request without a
/// key is taken too, with 200, as cloudflared does. Immutable.
///
/// @param halfClose whether either direction may end before the other (`culvert.stream.v1`)
record ByteHandshake(@Nullable String key, boolean halfClose) {
    static ByteHandshake of(StreamRequest request) {
        @Nullable String key = request.headers().first("sec-websocket-key");
        return new ByteHandshake(
                key,
                key != null
                        && request.headers()
                                .hasToken("sec-websocket-protocol", Handshake.STREAM_SUBPROTOCOL));
    }

    StreamResponse accepted() {
        HeaderList headers = new HeaderList(2);
        if (key == null) {
            return StreamResponse.of(200, headers);
        }
        headers.add("Sec-WebSocket-Accept", Handshake.accept(key));
        if (halfClose) {
            headers.add("Sec-WebSocket-Protocol", Handshake.STREAM_SUBPROTOCOL);
        }
        return StreamResponse.of(101, headers);
    }
}
