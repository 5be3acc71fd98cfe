package dev.culvert.gateway.soak;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// The binary messages of an open WebSocket, read and written as a stream of bytes.
final class Messages {
    private static final int BINARY = 0x82;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES_OF_LENGTH = 126;
    private static final int EIGHT_BYTES_OF_LENGTH = 127;
    private static final int CONTROL = 0x08;

    private Messages() {}

    /// Each write is one message of less than 64 KiB. The mask is zero, so that the payload stays what it is.
    static OutputStream to(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                ByteBuffer frame = ByteBuffer.allocate(8 + length).put((byte) BINARY);
                if (length < TWO_BYTES_OF_LENGTH) {
                    frame.put((byte) (MASKED | length));
                } else {
                    frame.put((byte) (MASKED | TWO_BYTES_OF_LENGTH)).putShort((short) length);
                }
                frame.putInt(0).put(bytes, from, length);
                out.write(frame.array(), 0, frame.position());
            }
        };
    }

    /// The payload of the data frames that come; pings and pongs are skipped, a close ends it.
    static InputStream from(InputStream in) {
        return new Payload(new DataInputStream(in));
    }

    private static final class Payload extends InputStream {
        private final DataInputStream in;
        private long left;

        Payload(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            while (left == 0) {
                if (!nextFrame()) {
                    return -1;
                }
            }
            int size = in.read(bytes, from, (int) Math.min(left, length));
            if (size < 0) {
                throw new EOFException("ended in the middle of a frame");
            }
            left -= size;
            return size;
        }

        private boolean nextFrame() throws IOException {
            int head = in.read();
            if (head < 0) {
                return false;
            }
            int code = in.readUnsignedByte();
            left =
                    switch (code) {
                        case TWO_BYTES_OF_LENGTH -> in.readUnsignedShort();
                        case EIGHT_BYTES_OF_LENGTH -> in.readLong();
                        default -> code;
                    };
            if ((head & CONTROL) == 0) {
                return true;
            }
            in.skipNBytes(left);
            left = 0;
            return (head & 0x0f) != CONTROL;
        }
    }
}
