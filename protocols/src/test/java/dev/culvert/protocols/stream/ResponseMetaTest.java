package dev.culvert.protocols.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.OriginFailure.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseMetaTest {
    @Test
    void readsWhatCloudflaredSends() throws ProtocolException {
        assertThat(ResponseMeta.parse("{\"src\":\"origin\"}")).isSameAs(ResponseMeta.ORIGIN);
        assertThat(failure("{\"src\":\"cloudflared\"}"))
                .isEqualTo(new OriginFailure(Code.UNREACHABLE, ""));
        assertThat(failure("{\"src\":\"cloudflared\",\"flow_rate_limited\":true}"))
                .isEqualTo(new OriginFailure(Code.OVERLOADED, ""));
    }

    @Test
    void readsTheSameWithOtherSpacingAndUnknownFields() throws ProtocolException {
        assertThat(ResponseMeta.parse(" { \"src\" : \"origin\", \"x\": [1,{\"y\":null}] } "))
                .isEqualTo(ResponseMeta.ORIGIN);
        assertThat(failure("{\"flow_rate_limited\": false, \"src\":\"cloudflared\"}"))
                .isEqualTo(new OriginFailure(Code.UNREACHABLE, ""));
    }

    @Test
    void writesWhatCloudflaredSends() {
        assertThat(ResponseMeta.ORIGIN.encode()).isEqualTo("{\"src\":\"origin\"}");
        assertThat(new ResponseMeta(new OriginFailure(Code.UNREACHABLE, "")).encode())
                .isEqualTo("{\"src\":\"cloudflared\"}");
        assertThat(new ResponseMeta(new OriginFailure(Code.OVERLOADED, "")).encode())
                .startsWith("{\"src\":\"cloudflared\",\"flow_rate_limited\":true");
    }

    @Test
    void writesOurReasonBesideIt() {
        assertThat(
                        new ResponseMeta(new OriginFailure(Code.REFUSED, "10.0.0.5:22 \"ssh\""))
                                .encode())
                .isEqualTo(
                        "{\"src\":\"cloudflared\",\"culvert_error\":\"origin_refused\","
                                + "\"culvert_detail\":\"10.0.0.5:22 \\\"ssh\\\"\"}");
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void readsEveryReasonItWrites(Code code) throws ProtocolException {
        ResponseMeta meta = new ResponseMeta(new OriginFailure(code, "line \"one\" \\ 443"));
        assertThat(ResponseMeta.parse(meta.encode())).isEqualTo(meta);
        ResponseMeta bare = new ResponseMeta(new OriginFailure(code, ""));
        assertThat(ResponseMeta.parse(bare.encode())).isEqualTo(bare);
    }

    @Test
    void readsAReasonOfALaterConnectorAsUnreachable() throws ProtocolException {
        assertThat(failure("{\"src\":\"cloudflared\",\"culvert_error\":\"origin_asleep\"}").code())
                .isEqualTo(Code.UNREACHABLE);
    }

    @Test
    void keepsTheDetailOneAsciiLineOfLimitedLength() throws ProtocolException {
        String json =
                new ResponseMeta(new OriginFailure(Code.TLS, "é\r\nx" + "y".repeat(400))).encode();
        assertThat(json).matches("[ -~]*");
        assertThat(failure(json).detail()).hasSize(300).startsWith("???xy");
        assertThat(
                        failure("{\"src\":\"cloudflared\",\"culvert_detail\":\"a\\r\\nb\\u0000\"}")
                                .detail())
                .isEqualTo("a  b ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"src\":1}",
                "{\"src\":\"\"}",
                "{\"src\":\"edge\"}",
                "{\"src\":\"origin\"",
                "{\"src\":\"origin\"}}",
                "{\"src\":\"origin\"} {}",
                "{\"src\":\"ori",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[1"
            })
    void rejectsWhatIsNoMeta(String json) {
        assertThatThrownBy(() -> ResponseMeta.parse(json))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("response meta")
                .hasMessageContaining("expected: ");
    }

    @Test
    void rejectsLengthAboveLimit() {
        assertThatThrownBy(() -> ResponseMeta.parse(" ".repeat(4096) + "{\"src\":\"origin\"}"))
                .hasMessageContaining("at most 4096");
    }

    private static OriginFailure failure(String json) throws ProtocolException {
        return ResponseMeta.parse(json).failure();
    }
}
