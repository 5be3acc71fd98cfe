package dev.culvert.recording;

import java.util.List;

/// Records of a data file that one checkpoint vouches for. Immutable by convention: nobody changes the
/// arrays.
///
/// @param last number of its last record, from 1
/// @param bytes of the file up to there
/// @param micros time of that record since the beginning, in microseconds
/// @param chain value after that record
/// @param records of it
record Segment(long last, long bytes, long micros, byte[] chain, List<Records.Whole> records) {
    /// Records of one segment at most, so that lines of sidecars stay short.
    static final int MOST_RECORDS = 512;
}
