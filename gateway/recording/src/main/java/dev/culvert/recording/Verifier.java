package dev.culvert.recording;

import dev.culvert.recording.PieceReader.Piece;
import dev.culvert.recording.SidecarFormat.Listed;
import dev.culvert.recording.SidecarFormat.Mark;
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

    private final PieceReader data;
    private final PieceReader sidecar;
    private @Nullable About about;
    private @Nullable PublicKey key;
    private Format format = Format.CAST;
    private byte[] head = new byte[0];
    private byte[] chain = new byte[0];
    private long records;
    private String seconds = "0.000000";
    private long gaps;
    private long missing;

    private Verifier(PieceReader data, PieceReader sidecar) {
        this.data = data;
        this.sidecar = sidecar;
    }

    /// @param data the file that players play; its sidecar is beside it
    /// @throws IOException when one of both cannot be read
    public static Verification verify(Path data) throws IOException {
        try (PieceReader records = PieceReader.open(data, KEPT_OF_RECORD);
                PieceReader sidecar =
                        PieceReader.open(
                                RecordingFiles.sidecar(data), SidecarFormat.LONGEST_LINE)) {
            return new Verifier(records, sidecar).verify();
        }
    }

    private Verification verify() throws IOException {
        Piece first = sidecar.line();
        Piece second = sidecar.line();
        if (first == null || !first.whole() || second == null || !second.whole()) {
            return torn();
        }
        Verification problem = beginning(first, second);
        while (problem == null) {
            Piece line = sidecar.line();
            if (line == null) {
                return open(false);
            }
            if (!line.whole()) {
                return open(true);
            }
            SidecarFormat.Marked marked = SidecarFormat.read(format, line.start());
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

    private @Nullable Verification beginning(Piece first, Piece second) {
        head = Hashes.sha256(first.start());
        chain = head;
        try {
            about = About.read(SidecarFormat.MAPPER.readTree(first.start()));
            if (about != null) {
                key = PublicKey.parse(about.key());
                format = about.format();
            }
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
        Mark mark = marked.mark();
        Listed listed = marked.listed();
        List<byte[]> digests = listed.digests();
        if (mark.records() - records != digests.size()) {
            return altered(
                    " at record "
                            + (records + 1)
                            + ": its hash is missing, or another is too many");
        }
        if (format == Format.GUAC && listed.bytes() != mark.bytes() - data.bytes()) {
            return altered(
                    " at record " + (records + 1) + ": it or a later one has another length");
        }
        boolean signed = key != null && key.verifies(mark.signed(head), marked.signature());
        byte[] told = chain;
        for (byte[] digest : digests) {
            told = Hashes.chained(told, digest);
        }
        boolean toldIsSigned = signed && Arrays.equals(told, mark.chain());
        long differs = 0;
        for (int i = 0; i < digests.size(); i++) {
            Piece piece = next(listed, i);
            if (piece == null || (!piece.whole() && data.bytes() < mark.bytes())) {
                return differs > 0 || !toldIsSigned
                        ? alteredAt(differs, mark, signed)
                        : missing(records + i, mark);
            }
            if (differs == 0 && !Arrays.equals(piece.digest(), digests.get(i))) {
                differs = records + i + 1;
            }
        }
        if (!toldIsSigned || differs > 0) {
            return alteredAt(differs, mark, signed);
        }
        chain = told;
        records = mark.records();
        seconds = mark.seconds();
        gaps = mark.gaps();
        missing = mark.missing();
        return null;
    }

    private @Nullable Piece next(Listed listed, int index) throws IOException {
        List<Long> lengths = listed.lengths();
        return lengths == null ? data.line() : data.bytes(lengths.get(index));
    }

    private Verification alteredAt(long record, Mark mark, boolean signed) {
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

    private Verification missing(long found, Mark mark) {
        return result(
                Outcome.CUT,
                ": the file ends after record "
                        + found
                        + ", and at least "
                        + mark.records()
                        + " were signed");
    }

    private Verification end() throws IOException {
        if (sidecar.line() != null) {
            return altered(" at record " + records + ": the sidecar goes on after its end");
        }
        if (data.line() != null) {
            return altered(" at record " + (records + 1) + ": it follows the signed end");
        }
        return result(
                Outcome.COMPLETE,
                ": "
                        + counted(records, "record")
                        + ", "
                        + seconds
                        + " s"
                        + (gaps == 0
                                ? ""
                                : "; "
                                        + counted(gaps, "gap")
                                        + ", in which "
                                        + missing
                                        + " bytes are missing"));
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /// There is no end.
    private Verification open(boolean sidecarIsTorn) throws IOException {
        long before = data.bytes();
        long lines = lines();
        long bytes = data.bytes() - before;
        return bytes == 0 && !sidecarIsTorn
                ? result(
                        Outcome.CUT,
                        ": it ends after record "
                                + records
                                + " and has no end: the edge died while nothing happened, or what"
                                + " followed was taken away")
                : torn(lines, bytes);
    }

    private Verification torn() throws IOException {
        return torn(lines(), data.bytes());
    }

    /// How many are left.
    private long lines() throws IOException {
        long lines = 0;
        for (Piece line = data.line(); line != null; line = data.line()) {
            lines += line.whole() ? 1 : 0;
        }
        return lines;
    }

    private Verification torn(long lines, long bytes) {
        return result(
                Outcome.TORN,
                ": good up to record "
                        + records
                        + " at "
                        + seconds
                        + " s; after it "
                        + (format == Format.CAST ? counted(lines, "record") + " in " : "")
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
