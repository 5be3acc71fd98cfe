package dev.culvert.recording;

import dev.culvert.recording.LineReader.Line;
import dev.culvert.recording.Verification.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Checks a recording against its sidecar, as `docs/recordings.md` says. Reads each file once, and holds no
/// more than a line of the sidecar. Confined to one thread. Blocking.
public final class Verifier {
    private static final int KEPT_OF_RECORD = 0;

    private final LineReader cast;
    private final LineReader sidecar;
    private @Nullable About about;
    private @Nullable PublicKey key;
    private byte[] head = new byte[0];
    private byte[] chain = new byte[0];
    private long records;
    private String seconds = "0.000000";
    private long gaps;
    private long missing;

    private Verifier(LineReader cast, LineReader sidecar) {
        this.cast = cast;
        this.sidecar = sidecar;
    }

    /// @param cast the file that players play; its sidecar is beside it
    /// @throws IOException when one of both cannot be read
    public static Verification verify(Path cast) throws IOException {
        try (LineReader records = LineReader.open(cast, KEPT_OF_RECORD);
                LineReader sidecar =
                        LineReader.open(RecordingFiles.sidecar(cast), SidecarFormat.LONGEST_LINE)) {
            return new Verifier(records, sidecar).verify();
        }
    }

    private Verification verify() throws IOException {
        Line first = sidecar.next();
        Line second = sidecar.next();
        if (first == null || !first.whole() || second == null || !second.whole()) {
            return torn();
        }
        Verification problem = beginning(first, second);
        while (problem == null) {
            Line line = sidecar.next();
            if (line == null) {
                return open(false);
            }
            if (!line.whole()) {
                return open(true);
            }
            SidecarFormat.Marked marked = SidecarFormat.read(line.start());
            problem =
                    marked == null || !line.isKept()
                            ? altered(
                                    " at record "
                                            + (records + 1)
                                            + ": the sidecar's line about it is not one of ours")
                            : segment(marked);
            if (problem == null && marked != null && marked.mark().end()) {
                return end();
            }
        }
        return problem;
    }

    private @Nullable Verification beginning(Line first, Line second) {
        head = Hashes.sha256(first.start());
        chain = head;
        try {
            about = About.read(SidecarFormat.MAPPER.readTree(first.start()));
            key = about == null ? null : PublicKey.parse(about.key());
            JsonNode signed = SidecarFormat.MAPPER.readTree(second.start());
            byte[] said = Hashes.parse(signed.path("head").asString(""), Hashes.BYTES);
            byte[] signature =
                    Hashes.parse(
                            signed.path("signature").asString(""), SidecarFormat.SIGNATURE_BYTES);
            if (key != null
                    && signed.size() == 2
                    && first.isKept()
                    && Arrays.equals(said, head)
                    && key.verifies(SidecarFormat.signedHead(head), signature)) {
                return null;
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // Said below: whatever it was, it is not what was signed.
        }
        return altered(" at record 0: the sidecar's head is not what was signed");
    }

    /// Checks the records of one checkpoint.
    private @Nullable Verification segment(SidecarFormat.Marked marked) throws IOException {
        SidecarFormat.Mark mark = marked.mark();
        List<byte[]> digests = marked.digests();
        if (mark.records() - records != digests.size()) {
            return altered(
                    " at record "
                            + (records + 1)
                            + ": its hash is missing, or another is too many");
        }
        boolean signed = key != null && key.verifies(mark.signed(head), marked.signature());
        byte[] told = chain;
        byte[] found = chain;
        long differs = 0;
        for (int i = 0; i < digests.size(); i++) {
            told = Hashes.chained(told, digests.get(i));
        }
        boolean toldIsSigned = signed && Arrays.equals(told, mark.chain());
        for (int i = 0; i < digests.size(); i++) {
            Line line = cast.next();
            if (line == null || (!line.whole() && cast.bytes() < mark.bytes())) {
                return differs > 0 || !toldIsSigned
                        ? alteredAt(differs, mark, signed)
                        : missing(records + i, mark);
            }
            found = Hashes.chained(found, line.digest());
            if (differs == 0 && !Arrays.equals(line.digest(), digests.get(i))) {
                differs = records + i + 1;
            }
        }
        if (!toldIsSigned || differs > 0) {
            return alteredAt(differs, mark, signed);
        }
        chain = found;
        records = mark.records();
        seconds = mark.seconds();
        gaps = mark.gaps();
        missing = mark.missing();
        return null;
    }

    private Verification alteredAt(long record, SidecarFormat.Mark mark, boolean signed) {
        if (record > 0) {
            return altered(" at record " + record);
        }
        if (!signed) {
            return altered(
                    " at record "
                            + mark.records()
                            + ": the checkpoint after it is not what was signed");
        }
        return altered(
                " at record "
                        + (records + 1)
                        + (mark.records() > records + 1 ? " to " + mark.records() : "")
                        + ": these records and their hashes are not what was signed");
    }

    private Verification missing(long found, SidecarFormat.Mark mark) {
        return result(
                Outcome.CUT,
                ": the file ends after record "
                        + found
                        + ", and at least "
                        + mark.records()
                        + " were signed");
    }

    private Verification end() throws IOException {
        if (sidecar.next() != null) {
            return altered(" at record " + records + ": the sidecar goes on after its end");
        }
        if (cast.next() != null) {
            return altered(" at record " + (records + 1) + ": it follows the signed end");
        }
        return result(
                Outcome.COMPLETE,
                ": "
                        + records
                        + (records == 1 ? " record" : " records")
                        + ", "
                        + seconds
                        + " s"
                        + (gaps == 0
                                ? ""
                                : "; "
                                        + gaps
                                        + (gaps == 1 ? " gap" : " gaps")
                                        + ", in which "
                                        + missing
                                        + " bytes are missing"));
    }

    /// There is no end.
    private Verification open(boolean sidecarIsTorn) throws IOException {
        long before = cast.bytes();
        long more = 0;
        for (Line line = cast.next(); line != null; line = cast.next()) {
            more += line.whole() ? 1 : 0;
        }
        long bytes = cast.bytes() - before;
        return bytes == 0 && !sidecarIsTorn
                ? result(
                        Outcome.CUT,
                        ": it ends after record "
                                + records
                                + " and has no end: the edge died while nothing happened, or what"
                                + " followed was taken away")
                : torn(more, bytes);
    }

    private Verification torn() throws IOException {
        long more = 0;
        for (Line line = cast.next(); line != null; line = cast.next()) {
            more += line.whole() ? 1 : 0;
        }
        return torn(more, cast.bytes());
    }

    private Verification torn(long more, long bytes) {
        return result(
                Outcome.TORN,
                ": good up to record "
                        + records
                        + " at "
                        + seconds
                        + " s; after it "
                        + more
                        + (more == 1 ? " record" : " records")
                        + " in "
                        + bytes
                        + " bytes are not signed");
    }

    private Verification altered(String detail) {
        return result(Outcome.ALTERED, detail);
    }

    private Verification result(Outcome outcome, String detail) {
        return new Verification(outcome, about, key, records, seconds, detail, gaps, missing);
    }
}
