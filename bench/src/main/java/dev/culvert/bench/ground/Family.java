package dev.culvert.bench.ground;

import java.util.stream.LongStream;

/// A process that somebody else started, and those below it. Immutable.
public record Family(long pid) {
    private LongStream pids() {
        return LongStream.concat(
                LongStream.of(pid),
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(ProcessHandle::pid));
    }

    /// Of those that live.
    public double cpuSeconds() {
        return pids().mapToDouble(Proc::cpuSeconds).sum();
    }

    /// Resident bytes. They share most of their pages, which count once.
    public long residentBytes() {
        return pids().map(Proc::proportionalBytes).sum();
    }
}
