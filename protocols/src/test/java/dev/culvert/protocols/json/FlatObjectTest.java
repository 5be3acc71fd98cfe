package dev.culvert.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import org.junit.jupiter.api.Test;

class FlatObjectTest {
    @Test
    void keepsTextsAndFlagsAndSkipsTheRest() throws ProtocolException {
        FlatObject fields =
                FlatObject.parse(
                        "test", "{\"a\":\"x\",\"b\":true,\"c\":[1,{}],\"d\":1.5,\"e\":null}", 100);
        assertThat(fields.text("a")).isEqualTo("x");
        assertThat(fields.flag("b")).isTrue();
        assertThat(fields.text("b")).isNull();
        assertThat(fields.flag("a")).isFalse();
        assertThat(fields.text("c")).isNull();
        assertThat(fields.toString()).doesNotContain("x");
    }

    @Test
    void takesTheLastOfFieldsOfOneName() throws ProtocolException {
        assertThat(FlatObject.parse("test", "{\"a\":\"x\",\"a\":\"y\"}", 100).text("a"))
                .isEqualTo("y");
        assertThat(FlatObject.parse("test", "{\"a\":\"x\",\"a\":null}", 100).text("a")).isNull();
    }

    @Test
    void saysWhereTheTextIsBrokenWithoutQuotingIt() {
        assertThatThrownBy(() -> FlatObject.parse("test", "{\"a\":\n hunter2}", 100))
                .isInstanceOf(ProtocolException.class)
                .hasNoCause()
                .hasMessageMatching(
                        "test: broken at line 2, column \\d+ \\(expected: a JSON object\\)");
    }

    @Test
    void rejectsTooManyFields() {
        StringBuilder json = new StringBuilder("{\"a\":true");
        for (int i = 0; i < 64; i++) {
            json.append(",\"").append(i).append("\":true");
        }
        assertThatThrownBy(() -> FlatObject.parse("test", json + "}", 2000))
                .hasMessageContaining("at most 64");
    }
}
