package dev.culvert.recording;

/// What guesses from a terminal's both directions what was entered. Confined to one thread.
interface Guesses {
    void resize(int columns);

    /// The host wrote it.
    void shown(String output);

    /// The user typed it.
    void typed(String keys);
}
