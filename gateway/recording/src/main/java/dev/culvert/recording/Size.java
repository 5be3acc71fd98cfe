package dev.culvert.recording;

/// Of a terminal, in characters. Immutable.
public record Size(int columns, int rows) {}
