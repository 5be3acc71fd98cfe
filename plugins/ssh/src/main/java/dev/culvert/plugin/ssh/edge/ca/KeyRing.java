package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.ca.AuthorityKey.Algorithm;
import dev.culvert.plugin.ssh.edge.ca.Generation.State;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshDecoder;
import dev.culvert.protocols.ssh.SshEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All keys of one authority: exactly one generation signs, at most one is next. Immutable.
record KeyRing(List<Generation> generations) {
    private static final String FORMAT = "culvert-ssh-authority-1";
    private static final int MOST = 32;

    KeyRing {
        generations = List.copyOf(generations);
    }

    static KeyRing begin(Instant now) {
        return new KeyRing(List.of(Generation.make(State.SIGNING, now)));
    }

    Generation signing() {
        return generations.stream()
                .filter(one -> one.state() == State.SIGNING)
                .findFirst()
                .orElseThrow();
    }

    /// With a generation that is published and does not sign yet.
    ///
    /// @throws RefusedException when there is one, or too many are retired
    KeyRing rotated(Instant now) throws RefusedException {
        if (hasNext()) {
            throw new RefusedException(
                    "rotation_pending",
                    "there are next keys already, made by an earlier rotation",
                    "give them to all hosts, then: gateway ssh activate");
        }
        if (generations.size() >= MOST) {
            throw new RefusedException(
                    "rotation_pending",
                    generations.size()
                            + " generations of keys are still published (expected: at most "
                            + MOST
                            + ")",
                    "wait until certificates of the oldest have expired");
        }
        List<Generation> more = new ArrayList<>(generations);
        more.add(Generation.make(State.NEXT, now));
        return new KeyRing(more);
    }

    /// With the next generation in the place of the one that signs.
    ///
    /// @throws RefusedException when there is no next one
    KeyRing activated(Instant now) throws RefusedException {
        if (!hasNext()) {
            throw new RefusedException(
                    "no_next_authority",
                    "there are no next keys that could sign",
                    "make them: gateway ssh rotate; give them to all hosts; then activate");
        }
        return new KeyRing(
                generations.stream()
                        .map(one ->
                                switch (one.state()) {
                                    case NEXT -> one.signing(now);
                                    case SIGNING -> one.retired(now);
                                    case RETIRED -> one;
                                })
                        .toList());
    }

    /// Without retired ones: one of their keys was stolen.
    ///
    /// @throws RefusedException when there are none
    KeyRing withoutRetired() throws RefusedException {
        KeyRing rest =
                new KeyRing(
                        generations.stream().filter(one -> one.state() != State.RETIRED).toList());
        if (rest.generations.size() == generations.size()) {
            throw new RefusedException(
                    "no_retired_authority",
                    "there are no retired keys that could be forgotten",
                    "to replace keys that sign: gateway ssh rotate, then activate, then forget");
        }
        return rest;
    }

    private boolean hasNext() {
        return generations.stream().anyMatch(one -> one.state() == State.NEXT);
    }

    /// Without those of which nothing can be good any more.
    ///
    /// @param life of the longest certificate
    KeyRing trusted(Instant now, Duration life) {
        return new KeyRing(
                generations.stream()
                        .filter(one ->
                                one.state() != State.RETIRED || one.since().plus(life).isAfter(now))
                        .toList());
    }

    /// Secret.
    byte[] encode() {
        SshEncoder out = new SshEncoder().string(FORMAT).uint32(generations.size());
        for (Generation one : generations) {
            out.string(one.state().word()).uint64(one.since().getEpochSecond());
            one.ed25519().encode(out);
            one.ecdsa().encode(out);
        }
        return out.toBytes();
    }

    static KeyRing decode(byte[] bytes) throws ProtocolException {
        SshDecoder in = new SshDecoder("SSH authority", bytes);
        String format = in.text("format");
        int count = in.uint32("generations");
        if (!format.equals(FORMAT) || count < 1 || count > MOST) {
            throw ProtocolException.of(
                    "SSH authority", ProtocolException.quote(format) + " of " + count, FORMAT);
        }
        List<Generation> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(
                    new Generation(
                            state(in),
                            Instant.ofEpochSecond(in.uint64("since")),
                            AuthorityKey.decode(Algorithm.ED25519, in),
                            AuthorityKey.decode(Algorithm.ECDSA, in)));
        }
        in.requireEnd();
        if (read.stream().filter(one -> one.state() == State.SIGNING).count() != 1) {
            throw new ProtocolException("SSH authority: no single key signs (expected: one)");
        }
        return new KeyRing(read);
    }

    private static State state(SshDecoder in) throws ProtocolException {
        String word = in.text("state");
        for (State state : State.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw ProtocolException.of(
                "SSH authority field state",
                ProtocolException.quote(word),
                "next, signing, retired");
    }
}
