package dev.culvert.protocols.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamClientTest implements StreamCarrier {
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream transmitted = new ByteArrayOutputStream();
    private final FrameEncoder server = FrameEncoder.server();
    private StreamClient client;

    @BeforeEach
    void start() throws Exception {
        Handshake handshake =
                Handshake.client("h", "/", new HeaderList(), new byte[Handshake.KEY_BYTES], true);
        client = new StreamClient(handshake, () -> 0, this);
        client.start();
        transmitted.reset();
    }

    private void open(boolean stream) throws Exception {
        String key = java.util.Base64.getEncoder().encodeToString(new byte[16]);
        feed(
                "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: "
                        + Handshake.accept(key)
                        + (stream ? "\r\nSec-WebSocket-Protocol: culvert.stream.v1" : "")
                        + "\r\n\r\n");
    }

    private void feed(String latin) throws Exception {
        client.receive(ByteBuffer.wrap(latin.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void send(java.util.function.Consumer<ByteBuffer> write) throws Exception {
        ByteBuffer out = ByteBuffer.allocate(1000);
        write.accept(out);
        client.receive(out.flip());
    }

    private List<String> sent() throws Exception {
        return RecordedFrames.of(Role.SERVER, transmitted.toByteArray()).events;
    }

    @Override
    public void transmit(ByteBuffer bytes) {
        transmitted.write(bytes.array(), bytes.position(), bytes.remaining());
    }

    @Override
    public void transmitPong(ByteBuffer frame) {
        transmit(frame);
    }

    @Override
    public void opened() {
        events.add("opened");
    }

    @Override
    public void deliver(ByteBuffer bytes) {
        events.add("bytes " + StandardCharsets.ISO_8859_1.decode(bytes.duplicate()));
    }

    @Override
    public void deliverEnd() {
        events.add("end");
    }

    @Override
    public void ended(StreamEnd end) {
        events.add(end.toString());
    }

    @Test
    void closesOnceBothDirectionsHaveEnded() throws Exception {
        open(true);
        client.localEnd();
        client.localEnd();
        assertThat(sent()).containsExactly("data ");
        send(server::endOfData);
        assertThat(sent()).containsExactly("data ", "close 1000 ");
        client.receiveEnd();
        client.localFailed();
        assertThat(events).containsExactly("opened", "end", "Completed[]");
    }

    @Test
    void refusesDataAfterTheEndOfData() throws Exception {
        open(true);
        send(server::endOfData);
        send(out -> server.binary(ByteBuffer.wrap(new byte[1]), out));
        assertThat(sent()).containsExactly("close 1002 ");
        assertThat(events).last().asString().contains("after its end of data");
    }

    @Test
    void pingsASilentServerAndThenGivesItUp() throws Exception {
        open(true);
        client.idle();
        client.idle();
        assertThat(sent()).containsExactly("ping ", "ping ");
        send(out -> server.pong(ByteBuffer.allocate(0), out));
        client.idle();
        client.idle();
        assertThat(events).containsExactly("opened");
        client.idle();
        assertThat(events).last().asString().startsWith("Lost[").contains("stopped answering");
    }

    @Test
    void doesNotGiveUpAServerThatMayBeHeldUpByOurData() throws Exception {
        open(true);
        ByteBuffer out = ByteBuffer.allocate(client.encodedLength(100_000));
        assertThat(client.encode(ByteBuffer.wrap(new byte[100_000]), out)).isTrue();
        for (int i = 0; i < 10; i++) {
            client.idle();
        }
        assertThat(events).containsExactly("opened");
    }

    @Test
    void waitsForTheServersCloseWithoutHalfCloseButNotForEver() throws Exception {
        open(false);
        client.localEnd();
        assertThat(sent()).containsExactly("close 1000 ");
        send(out -> server.binary(ByteBuffer.wrap("x".getBytes()), out));
        client.idle();
        assertThat(events).containsExactly("opened", "bytes x", "Completed[]");
    }

    @Test
    void keepsABoundedPieceOfARefusal() throws Exception {
        feed("HTTP/1.1 500 x\r\n\r\n" + "y".repeat(20_000));
        assertThat(events).containsExactly("Refused[status=500, body=16384 bytes]");
    }

    @Test
    void endsWithWhatARefusalHasWhenTheServerFallsSilent() throws Exception {
        feed("HTTP/1.1 500 x\r\nContent-Length: 10\r\n\r\nabc");
        assertThat(events).isEmpty();
        client.idle();
        assertThat(events).containsExactly("Refused[status=500, body=3 bytes]");
    }

    @Test
    void anEndBeforeTheAnswerIsExplained() {
        client.receiveEnd();
        assertThat(events).containsExactly("Broken[problem=server closed before it answered]");
    }
}
