package dev.culvert.access;

import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads the body of an HTTP/1.1 answer (RFC 9112, section 6): chunked, of a length, or up to the end.
///
/// Not thread-safe: owned by one request.
final class HttpBody {
    private static final int MAX_CHUNK_LINE = 256;

    private final InputStream in;
    private final ByteBuffer read;

    /// @param read what was read behind the head already
    HttpBody(InputStream in, ByteBuffer read) {
        this.in = in;
        this.read = read;
    }

    /// @throws IOException also for a body that is longer than `most`, or cut
    byte[] read(HeaderList headers, int most) throws IOException {
        if (headers.hasToken("transfer-encoding", "chunked")) {
            return chunks(most);
        }
        String length = headers.first("content-length");
        if (length == null) {
            return toTheEnd(most);
        }
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > most) {
            throw tooLong(most);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        copy(Integer.parseInt(length), body);
        return body.toByteArray();
    }

    private byte[] toTheEnd(int most) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int b = next(); b >= 0; b = next()) {
            if (body.size() == most) {
                throw tooLong(most);
            }
            body.write(b);
        }
        return body.toByteArray();
    }

    private byte[] chunks(int most) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("the answer's chunks are broken");
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                return body.toByteArray();
            }
            if (length > most - body.size()) {
                throw tooLong(most);
            }
            copy(length, body);
            line();
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = required(); b != '\n'; b = required()) {
            if (line.size() == MAX_CHUNK_LINE) {
                throw new IOException("the answer's chunks are broken");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private void copy(int length, ByteArrayOutputStream to) throws IOException {
        for (int i = 0; i < length; i++) {
            to.write(required());
        }
    }

    private int required() throws IOException {
        int b = next();
        if (b < 0) {
            throw new IOException("the answer was cut");
        }
        return b;
    }

    private int next() throws IOException {
        if (!read.hasRemaining()) {
            int count = in.read(read.array());
            if (count < 0) {
                return -1;
            }
            read.limit(count).position(0);
        }
        return read.get() & 0xFF;
    }

    private static IOException tooLong(int most) {
        return new IOException("the answer is longer than " + most + " bytes");
    }
}
