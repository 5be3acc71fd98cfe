package dev.culvert.protocols.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A receiver that joins chunks to messages and writes one line for each.
final class RecordedFrames implements FrameReceiver {
    final List<String> events = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private boolean open;

    static RecordedFrames of(Role role, byte[] input, int... cuts) throws Exception {
        return of(role, FrameLimits.NONE, input, cuts);
    }

    static RecordedFrames of(Role role, FrameLimits limits, byte[] input, int... cuts)
            throws Exception {
        RecordedFrames frames = new RecordedFrames();
        FrameDecoder decoder = new FrameDecoder(role, limits);
        byte[] copy = input.clone();
        int from = 0;
        for (int cut : cuts) {
            decoder.decode(ByteBuffer.wrap(copy, from, cut - from), frames);
            from = cut;
        }
        decoder.decode(ByteBuffer.wrap(copy, from, copy.length - from), frames);
        return frames;
    }

    @Override
    public void data(ByteBuffer chunk, boolean first, boolean last) {
        collect("data ", chunk, first, last);
    }

    @Override
    public void text(ByteBuffer chunk, boolean first, boolean last) {
        collect("text ", chunk, first, last);
    }

    private void collect(String kind, ByteBuffer chunk, boolean first, boolean last) {
        if (first == open || (!last && !chunk.hasRemaining())) {
            throw new AssertionError("first=" + first + " last=" + last + " " + chunk);
        }
        message.append(latin(chunk));
        open = !last;
        if (last) {
            events.add(kind + message);
            message.setLength(0);
        }
    }

    @Override
    public void ping(ByteBuffer payload) {
        events.add("ping " + latin(payload));
    }

    @Override
    public void pong(ByteBuffer payload) {
        events.add("pong " + latin(payload));
    }

    @Override
    public void close(int code, String reason) {
        events.add("close " + code + " " + reason);
    }

    private static String latin(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
