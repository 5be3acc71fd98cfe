package dev.culvert.recording;

/// A recording that has its end. Immutable.
///
/// @param records of its data file
/// @param chain value of the chain after the last one, as its sidecar has it
public record Completed(About about, long records, String chain, long gaps, long missing) {}
