package dev.culvert.recording;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Name of a recording: when it began (UTC) and 40 random bits, `20261129-083015-k3j9x0a7`. Sorted as text,
/// they are sorted by time. Immutable.
public record RecordingId(String text) implements Comparable<RecordingId> {
    private static final Pattern FORM = Pattern.compile("(\\d{8})-(\\d{6})-[0-9a-v]{8}");
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RADIX = 32;
    private static final int DIGITS = 8;

    public RecordingId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("no name of a recording");
        }
        try {
            MOMENT.parse(text.substring(0, 15));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no name of a recording", e);
        }
    }

    static RecordingId make(Instant now) {
        StringBuilder text = new StringBuilder(MOMENT.format(now)).append('-');
        for (int i = 0; i < DIGITS; i++) {
            text.append(Character.forDigit(RANDOM.nextInt(RADIX), RADIX));
        }
        return new RecordingId(text.toString());
    }

    public static boolean isId(String text) {
        try {
            new RecordingId(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// In UTC, when it began.
    LocalDate day() {
        return LocalDate.parse(text.substring(0, 8), DAY);
    }

    @Override
    public int compareTo(RecordingId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
