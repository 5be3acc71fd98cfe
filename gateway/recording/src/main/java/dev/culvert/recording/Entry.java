package dev.culvert.recording;

import java.util.Arrays;

/// Something that is to be written. Times are nanoseconds since the recording began.
sealed interface Entry {
    /// What an entry costs besides its content: roughly what the objects take.
    int OVERHEAD = 64;

    long nanos();

    int cost();

    /// Bytes of one direction; neighbours are joined while they wait. Guarded by the backlog's lock, then
    /// the writer's own.
    final class Bytes implements Entry {
        /// Neighbours this far apart are shown at one moment: too short to be seen.
        private static final long JOINED_NANOS = 10_000_000;

        /// The most that becomes one record.
        static final int LARGEST = 16 * 1024;

        private final long nanos;
        private final boolean typed;
        private byte[] content;
        private int length;

        /// @param typed by the user; else written by the host
        Bytes(long nanos, boolean typed, byte[] bytes, int offset, int length) {
            this.nanos = nanos;
            this.typed = typed;
            this.content = Arrays.copyOfRange(bytes, offset, offset + length);
            this.length = length;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public int cost() {
            return OVERHEAD + content.length;
        }

        boolean isTyped() {
            return typed;
        }

        byte[] content() {
            return content;
        }

        int length() {
            return length;
        }

        boolean canTake(Bytes next) {
            return next.typed == typed
                    && next.nanos - nanos <= JOINED_NANOS
                    && length + next.length <= LARGEST;
        }

        /// By how much [#cost] rises when it takes this one.
        int growth(Bytes next) {
            return room(next) - content.length;
        }

        private int room(Bytes next) {
            int needed = length + next.length;
            return needed <= content.length
                    ? content.length
                    : Math.min(LARGEST, Math.max(2 * content.length, needed));
        }

        void take(Bytes next) {
            content = Arrays.copyOf(content, room(next));
            System.arraycopy(next.content, 0, content, length, next.length);
            length += next.length;
        }
    }

    /// The terminal's size.
    record Resized(long nanos, int columns, int rows) implements Entry {
        @Override
        public int cost() {
            return OVERHEAD;
        }
    }

    record Happened(long nanos, String kind, String text, boolean exact) implements Entry {
        @Override
        public int cost() {
            return OVERHEAD + 2 * (kind.length() + text.length());
        }
    }

    /// Entries were dropped here.
    ///
    /// @param bytes of output and input among them
    record Gap(long nanos, long until, long bytes) implements Entry {
        @Override
        public int cost() {
            return OVERHEAD;
        }
    }
}
