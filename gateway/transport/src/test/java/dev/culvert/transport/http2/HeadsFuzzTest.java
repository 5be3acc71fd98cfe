package dev.culvert.transport.http2;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/// Header blocks of any content: a head, or a [ProtocolException], never anything else.
class HeadsFuzzTest {
    private static final String[] NAMES = {
        ":method",
        ":path",
        ":authority",
        ":scheme",
        ":status",
        "host",
        "cookie",
        "te",
        "connection",
        "content-length",
        "cf-cloudflared-proxy-connection-upgrade",
        "cf-cloudflared-proxy-src",
        "cf-cloudflared-response-headers",
        "cf-cloudflared-response-meta",
        "x-any"
    };

    private static Http2Headers headers(FuzzedDataProvider data) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < 20 && data.remainingBytes() > 0; i++) {
            headers.add(data.pickValue(NAMES), data.consumeString(200));
        }
        return headers;
    }

    @FuzzTest
    void publicRequest(FuzzedDataProvider data) {
        boolean end = data.consumeBoolean();
        try {
            new PublicHeads().decodeRequest(headers(data), end);
        } catch (ProtocolException expected) {
            // Malformed: the stream is reset.
        }
    }

    @FuzzTest
    void tunnelRequest(FuzzedDataProvider data) {
        boolean end = data.consumeBoolean();
        try {
            new TunnelHeads().decodeRequest(headers(data), end);
        } catch (ProtocolException expected) {
            // Malformed: the stream is reset.
        }
    }

    @FuzzTest
    void tunnelResponse(FuzzedDataProvider data) {
        StreamKind kind = data.pickValue(StreamKind.values());
        StreamRequest request =
                new StreamRequest(kind, "GET", "example.com", "/", new HeaderList(), true);
        try {
            new TunnelHeads().decodeResponse(request, headers(data));
        } catch (ProtocolException expected) {
            // Malformed: the stream is reset.
        }
    }
}
