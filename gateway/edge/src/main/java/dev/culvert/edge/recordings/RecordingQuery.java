package dev.culvert.edge.recordings;

import dev.culvert.recording.About;
import dev.culvert.recording.Summary;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which recordings are asked for. Immutable.
///
/// @param who part of it, empty for all
/// @param host part of it, or of the application's name, empty for all
/// @param text part of anything the recording is called by, empty for all
/// @param from when it began at the earliest, null for all
/// @param until and at the latest, null for all
public record RecordingQuery(
        String who, String host, String text, @Nullable Instant from, @Nullable Instant until)
        implements Predicate<Summary> {

    @Override
    public boolean test(Summary summary) {
        About about = summary.about();
        return isIn(who, about.who())
                && (isIn(host, about.host()) || isIn(host, about.application()))
                && Stream.of(
                                about.id().text(),
                                about.who(),
                                about.host(),
                                about.application(),
                                about.login(),
                                about.address(),
                                about.command(),
                                about.requestId())
                        .anyMatch(value -> isIn(text, value))
                && (from == null || !about.startedAt().isBefore(from))
                && (until == null || !about.startedAt().isAfter(until));
    }

    private static boolean isIn(String part, String whole) {
        return part.isEmpty()
                || whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
