package dev.culvert.edge.pages;

/// What became of the last thing a person did, above the page they did it on. Immutable.
///
/// @param about the part of the page it is about, such as `password`; empty for the page
public record Notice(Tone tone, String text, String about) {
    public enum Tone {
        GOOD,
        BAD
    }

    public static Notice good(String text) {
        return new Notice(Tone.GOOD, text, "");
    }

    public static Notice bad(String text) {
        return new Notice(Tone.BAD, text, "");
    }

    public Notice about(String part) {
        return new Notice(tone, text, part);
    }
}
