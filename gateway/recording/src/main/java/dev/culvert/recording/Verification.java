package dev.culvert.recording;

import org.jspecify.annotations.Nullable;

/// What became of checking a recording. Immutable.
///
/// @param about what its sidecar says it is of, null when that cannot be read
/// @param key that it says it was signed with, null likewise
/// @param records that are proven, from the first
/// @param seconds time of the last one of them
/// @param detail one sentence, what follows the outcome's word
/// @param gaps of what is proven: places where a recording of best effort could not be written
/// @param missing bytes there
public record Verification(
        Outcome outcome,
        @Nullable About about,
        @Nullable PublicKey key,
        long records,
        String seconds,
        String detail,
        long gaps,
        long missing) {

    public enum Outcome {
        /// From the first record to the signed end.
        COMPLETE("complete", 0),
        /// What the edge had not signed yet when it died follows the last checkpoint.
        TORN("torn tail", 10),
        /// Nothing follows the last checkpoint, or less than was signed is there.
        CUT("cut after a checkpoint", 11),
        /// Something is not what was signed.
        ALTERED("altered", 12);

        private final String words;
        private final int exitCode;

        Outcome(String words, int exitCode) {
            this.words = words;
            this.exitCode = exitCode;
        }

        public String words() {
            return words;
        }

        /// Of `gateway recording verify`.
        public int exitCode() {
            return exitCode;
        }
    }

    /// `altered at record 12: …`
    public String sentence() {
        return outcome.words() + detail;
    }
}
