package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.ca.Generation.State;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final Instant START = Instant.parse("2026-11-29T08:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void oneGenerationSignsFromTheStart() {
        KeyRing ring = KeyRing.begin(START);
        assertThat(states(ring)).containsExactly(State.SIGNING);
    }

    @Test
    void aRotationPublishesKeysThatDoNotSign() throws RefusedException {
        KeyRing ring = KeyRing.begin(START);
        KeyRing rotated = ring.rotated(START.plusSeconds(1));
        assertThat(states(rotated)).containsExactly(State.SIGNING, State.NEXT);
        assertThat(rotated.signing()).isSameAs(ring.signing());
    }

    @Test
    void activatedKeysSignAndTheOldOnesLoseTheirPrivateHalves() throws Exception {
        KeyRing rotated = KeyRing.begin(START).rotated(START);
        KeyRing activated = rotated.activated(START.plus(DAY));
        assertThat(states(activated)).containsExactly(State.RETIRED, State.SIGNING);
        assertThat(activated.signing().keys()).isEqualTo(rotated.generations().getLast().keys());
        Generation retired = activated.generations().getFirst();
        assertThat(retired.keys()).isEqualTo(rotated.generations().getFirst().keys());
        assertThatThrownBy(() -> retired.ed25519().sign(new byte[1]))
                .isInstanceOf(IllegalStateException.class);
        Generation kept = KeyRing.decode(activated.encode()).generations().getFirst();
        assertThatThrownBy(() -> kept.ecdsa().sign(new byte[1]))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void retiredKeysArePublishedAsLongAsWhatTheySignedMayBeGood() throws RefusedException {
        Instant then = START.plus(DAY);
        KeyRing ring = KeyRing.begin(START).rotated(START).activated(then);
        assertThat(states(ring.trusted(then.plus(DAY).minusSeconds(1), DAY)))
                .containsExactly(State.RETIRED, State.SIGNING);
        assertThat(states(ring.trusted(then.plus(DAY), DAY))).containsExactly(State.SIGNING);
    }

    @Test
    void twoRotationsWithoutAnActivationAreRefused() throws RefusedException {
        KeyRing ring = KeyRing.begin(START).rotated(START);
        assertThatThrownBy(() -> ring.rotated(START))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.code()).isEqualTo("rotation_pending"));
    }

    @Test
    void anActivationWithoutARotationIsRefused() {
        KeyRing ring = KeyRing.begin(START);
        assertThatThrownBy(() -> ring.activated(START))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.code()).isEqualTo("no_next_authority"));
    }

    @Test
    void generationsAreBounded() throws RefusedException {
        KeyRing ring = KeyRing.begin(START);
        for (int i = 0; i < 31; i++) {
            ring = ring.rotated(START).activated(START);
        }
        KeyRing full = ring;
        assertThat(full.encode()).hasSizeLessThan(64 * 1024);
        assertThatThrownBy(() -> full.rotated(START)).isInstanceOf(RefusedException.class);
    }

    @Test
    void whatIsKeptIsReadAgain() throws Exception {
        KeyRing ring = KeyRing.begin(START).rotated(START).activated(START).rotated(START);
        KeyRing read = KeyRing.decode(ring.encode());
        assertThat(states(read)).isEqualTo(states(ring));
        assertThat(read.generations().stream().map(Generation::keys).toList())
                .isEqualTo(ring.generations().stream().map(Generation::keys).toList());
        assertThat(read.encode()).isEqualTo(ring.encode());
    }

    @Test
    void whatIsKeptAndCutIsRejected() throws RefusedException {
        byte[] bytes = KeyRing.begin(START).rotated(START).encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> KeyRing.decode(cut)).isInstanceOf(ProtocolException.class);
        }
        assertThatThrownBy(() -> KeyRing.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void keysAreDifferentEachTime() {
        List<SshPublicKey> keys = KeyRing.begin(START).signing().keys();
        assertThat(KeyRing.begin(START).signing().keys()).doesNotContainAnyElementsOf(keys);
    }

    private static List<State> states(KeyRing ring) {
        return ring.generations().stream().map(Generation::state).toList();
    }
}
