package dev.culvert.plugin.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.FirstBytes.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class VersionsFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void everyVerdictIsFinalAndWithinItsBounds(byte[] bytes) {
        check(new ClientVersion(), bytes);
        check(new OriginVersion(), bytes);
    }

    private static void check(FirstBytes inspector, byte[] bytes) {
        Verdict whole = inspector.inspect(ByteBuffer.wrap(bytes), false);
        switch (whole) {
            case Verdict.More() -> assertThat(bytes.length).isLessThan(inspector.maxBytes());
            case Verdict.Accept(String summary) ->
                    assertThat(summary).matches("SSH-(2\\.0|1\\.99)-[ -~]*");
            case Verdict.Refuse(String reason) ->
                    assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 120);
        }
        assertThat(inspector.inspect(ByteBuffer.wrap(bytes), true)).isNotEqualTo(Verdict.MORE);
    }
}
