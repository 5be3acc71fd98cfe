package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

final class ConfigurationHeadsTest {
    private final TunnelHeads heads = new TunnelHeads();
    private final StreamRequest request =
            new StreamRequest(
                    StreamKind.CONFIGURATION, "POST", "edge", "/", new HeaderList(0), false);

    @Test
    void theKindIsReadBack() throws Exception {
        Http2Headers sent = heads.encode(request);

        assertThat(sent.get("cf-cloudflared-proxy-connection-upgrade"))
                .hasToString("update-configuration");
        assertThat(heads.decodeRequest(sent, false).kind()).isEqualTo(StreamKind.CONFIGURATION);
    }

    /// As cloudflared answers: nothing says who made the answer.
    @Test
    void anAnswerHasNothingButItsStatus() throws Exception {
        Http2Headers sent =
                heads.encode(
                        request,
                        StreamResponse.of(200, HeaderList.of("Content-Type", "application/json")));

        assertThat(sent).hasSize(1);
        assertThat(heads.decodeResponse(request, sent).status()).isEqualTo(200);
    }
}
