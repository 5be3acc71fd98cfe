package dev.culvert.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;

/// What a recording (asciicast) of numbered lines has of them. Immutable.
///
/// @param last of all whole lines
/// @param signed the last one that a signature stands for; the first of all while none does
record Cast(Numbered last, Numbered signed) {
    private static final java.util.regex.Pattern OUTPUT =
            java.util.regex.Pattern.compile("^\\[[0-9.]+, \"o\", \"(.*)\"]$");

    /// A line as the host writes it.
    ///
    /// @param number from 1; 0 for none
    /// @param micros when it was written, of the machine's clock
    record Numbered(long number, long micros) {
        static final java.util.regex.Pattern LINE =
                java.util.regex.Pattern.compile("line (\\d+) (\\d+)\\.(\\d{6})\\r\\n");

        /// The last one in a text.
        ///
        /// @throws IOException when one is missing before it
        static Numbered lastOf(String text) throws IOException {
            Matcher line = LINE.matcher(text);
            Numbered last = new Numbered(0, 0);
            while (line.find()) {
                long number = Long.parseLong(line.group(1));
                if (number != last.number() + 1) {
                    throw new IOException("after line " + last.number() + " comes " + number);
                }
                last = new Numbered(number, Long.parseLong(line.group(2) + line.group(3)));
            }
            return last;
        }

        /// The first one in a text; number 0 when there is none.
        static Numbered firstOf(String text) {
            Matcher line = LINE.matcher(text);
            return line.find()
                    ? new Numbered(
                            Long.parseLong(line.group(1)),
                            Long.parseLong(line.group(2) + line.group(3)))
                    : new Numbered(0, 0);
        }

        /// How much later another one was written, in milliseconds.
        long millisUntil(long laterMicros) {
            return (laterMicros - micros) / 1000;
        }
    }

    /// @param signedRecords how many lines of the file are signed
    static Cast read(Path file, long signedRecords) throws IOException {
        String text = Files.readString(file);
        // What follows the last line feed was being written.
        List<String> records = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (signedRecords > records.size()) {
            throw new IOException(
                    file + ": " + records.size() + " of " + signedRecords + " records");
        }
        String output = output(records);
        Numbered signed = Numbered.lastOf(output(records.subList(0, (int) signedRecords)));
        return new Cast(
                Numbered.lastOf(output), signed.number() > 0 ? signed : Numbered.firstOf(output));
    }

    private static String output(List<String> records) {
        StringBuilder output = new StringBuilder();
        for (String record : records) {
            Matcher found = OUTPUT.matcher(record);
            if (found.matches()) {
                output.append(found.group(1).replace("\\r", "\r").replace("\\n", "\n"));
            }
        }
        return output.toString();
    }
}
