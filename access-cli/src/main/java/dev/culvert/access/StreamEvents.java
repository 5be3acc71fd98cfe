package dev.culvert.access;

/// What a [Listener] tells of its streams. Called on I/O threads: implementations return at once.
@FunctionalInterface
public interface StreamEvents {
    /// A stream did not come up, or broke.
    void failed(Problem problem);

    /// A stream stands.
    default void opened(StreamMeter stream) {}

    /// A stream that stood is over, well or not.
    default void ended(StreamMeter stream) {}

    /// A stream did not come up and will be tried again. Told once for each stream.
    default void waiting(StreamMeter stream, Problem why) {}
}
