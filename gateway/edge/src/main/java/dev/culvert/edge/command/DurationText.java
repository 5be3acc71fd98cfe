package dev.culvert.edge.command;

import dev.culvert.config.GoDuration;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations on the command line, such as `720h` or `1h30m`. Stateless.
final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            Duration duration = GoDuration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new TypeConversionException(
                "'" + text + "' is not a duration (expected: such as 720h or 30m)");
    }
}
