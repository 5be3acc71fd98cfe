package dev.culvert.terminal;

/// What a piece of text is, from which its look follows on terminals that have looks.
public enum Tone {
    PLAIN,
    STRONG,
    FAINT,
    ACCENT,
    GOOD,
    WARNING,
    BAD
}
