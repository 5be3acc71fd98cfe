package dev.culvert.recording;

/// Turns entries into the records of a data file. Confined to one thread.
interface RecordEncoder {
    void add(Entry entry);

    /// What is kept for something that follows, which nothing does any more.
    void end();

    /// What was encoded.
    Records records();
}
