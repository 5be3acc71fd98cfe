package dev.culvert.terminal;

/// Something that may stand at a place of a command line. Immutable.
///
/// @param value what is written
/// @param description shown beside it, and searched too; may be empty
public record Choice(String value, String description) {
    public static Choice of(String value) {
        return new Choice(value, "");
    }
}
