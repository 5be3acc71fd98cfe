package dev.culvert.recording;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Records that were encoded and are not written yet, and the time. Confined to one thread.
final class Records {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Whole> records = new ArrayList<>();
    private long micros;
    private long gaps;
    private long missing;

    /// One record.
    ///
    /// @param micros its time
    record Whole(byte[] digest, int length, long micros) {}

    /// What follows is of this time. The clock of entries never goes back; a gap is known only when it is over.
    void at(long nanos) {
        micros = Math.max(micros, nanos / 1000);
    }

    /// As it stands in the files.
    String seconds() {
        return SidecarFormat.seconds(micros);
    }

    void add(byte[] record) {
        bytes.writeBytes(record);
        records.add(new Whole(Hashes.sha256(record), record.length, micros));
    }

    /// Something is missing here.
    ///
    /// @return in words
    String gap(Entry.Gap gap) {
        gaps++;
        missing += gap.bytes();
        return gap.bytes()
                + " bytes are missing, from "
                + SidecarFormat.seconds(gap.nanos() / 1000)
                + " s to "
                + SidecarFormat.seconds(gap.until() / 1000)
                + " s";
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    List<Whole> list() {
        return records;
    }

    long gaps() {
        return gaps;
    }

    long missing() {
        return missing;
    }

    /// They are written: begins anew.
    void written() {
        bytes.reset();
        records.clear();
    }
}
