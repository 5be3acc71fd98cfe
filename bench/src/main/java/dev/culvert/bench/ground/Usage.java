package dev.culvert.bench.ground;

/// What a process and its children have used. Immutable.
///
/// @param cpuSeconds user and system
/// @param peakBytes resident at most, of all together, since [Program#forgetPeak]
public record Usage(double cpuSeconds, long peakBytes) {}
