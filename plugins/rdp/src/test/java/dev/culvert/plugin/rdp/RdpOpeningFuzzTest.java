package dev.culvert.plugin.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.plugin.FirstBytes.Verdict;
import dev.culvert.plugin.rdp.RdpOpening.Side;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class RdpOpeningFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void everyVerdictIsFinalAndWithinItsBounds(byte[] bytes) {
        for (Side side : Side.values()) {
            RdpOpening opening = new RdpOpening(side, RdpSecurity.ANY);
            switch (opening.inspect(ByteBuffer.wrap(bytes), false)) {
                case Verdict.More() -> assertThat(bytes.length).isLessThan(opening.maxBytes());
                case Verdict.Accept(String summary) ->
                        assertThat(summary).matches("[ -~]+").hasSizeLessThan(300);
                case Verdict.Refuse(String reason) ->
                        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 120);
            }
            assertThat(opening.inspect(ByteBuffer.wrap(bytes), true)).isNotEqualTo(Verdict.MORE);
        }
    }
}
