package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.transport.StreamFault;
import org.junit.jupiter.api.Test;

final class ResetCodeTest {
    @Test
    void codesAreTheseForEver() {
        assertThat(ResetCode.of(StreamFault.Kind.CANCELLED)).isEqualTo(0x100);
        assertThat(ResetCode.of(StreamFault.Kind.NOT_READ)).isEqualTo(0x101);
        assertThat(ResetCode.of(StreamFault.Kind.REFUSED)).isEqualTo(0x102);
        assertThat(ResetCode.of(StreamFault.Kind.CONNECTION_LOST)).isEqualTo(0x103);
        assertThat(ResetCode.of(StreamFault.Kind.PROTOCOL)).isEqualTo(0x104);
        assertThat(ResetCode.of(StreamFault.Kind.TIMED_OUT)).isEqualTo(0x105);
        assertThat(ResetCode.of(StreamFault.Kind.INTERNAL)).isEqualTo(0x106);
        assertThat(StreamFault.Kind.values()).hasSize(7);
    }

    /// Or a cut answer would pass for a complete one.
    @Test
    void noResetSaysThatAnAnswerIsComplete() {
        for (long code = 0; code < 0x200; code++) {
            assertThat(ResetCode.fault(code).kind()).isNotEqualTo(StreamFault.Kind.NOT_READ);
        }
    }

    @Test
    void codesOfOthersAreABrokenStream() {
        for (long code : new long[] {0, 0xff, 0x107, -1, Long.MAX_VALUE, 1L << 32 | 0x102}) {
            assertThat(ResetCode.fault(code).kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        }
        assertThat(ResetCode.fault(0x102).kind()).isEqualTo(StreamFault.Kind.REFUSED);
    }
}
