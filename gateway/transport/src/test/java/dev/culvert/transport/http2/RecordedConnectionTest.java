package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The edge's role against a peer of scripted bytes: a recorded cloudflared, and peers that misbehave.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class RecordedConnectionTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private record Frame(int type, int flags, int stream, byte[] payload) {}

    private final EventLoops loops = new EventLoops("scripted", 1);
    private final EventLoop loop = loops.next();
    private final Http2Link link =
            Http2Link.client(new TunnelHeads(), LinkLimits.TUNNEL, CarrierEvents.NONE);
    private Channel listener;
    private Socket peer;
    private OutputStream out;

    @BeforeEach
    void connect() throws Exception {
        listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childHandler(link)
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        peer = new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
        peer.setSoTimeout(30_000);
        out = peer.getOutputStream();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        Eventually.until("link closed", () -> !link.isOpen() && link.load() == 0);
        listener.close().sync();
        loops.close();
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in =
                RecordedConnectionTest.class.getResourceAsStream("/vectors/http2-local/" + name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private Side open(StreamKind kind, boolean end) {
        Side side = new Side(loop);
        StreamRequest request =
                new StreamRequest(
                        kind, end ? "GET" : "POST", "127.0.0.1:8080", "/", new HeaderList(), end);
        side.onLoop(() -> side.meet(link.open(request, side, loop)));
        return side;
    }

    private Side openReady() throws IOException {
        out.write(frame(SETTINGS, 0, 0));
        Eventually.until("ready", link::isOpen);
        Side side = open(StreamKind.HTTP, false);
        Eventually.until("the stream", () -> link.load() == 1);
        return side;
    }

    @Test
    void readsTheRecordedAnswersOfCloudflared() throws Exception {
        byte[] connection = recorded("connection-c2e.bin");
        out.write(connection, 0, 67);
        Eventually.until("ready", link::isOpen);
        Side control = open(StreamKind.CONTROL, false);
        List<Side> requests = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            requests.add(open(StreamKind.HTTP, true));
        }
        Eventually.until("seven streams", () -> link.load() == 7);
        out.write(connection, 67, connection.length - 67);

        int[] statuses = {200, 200, 204, 302, 404, 502};
        int[] lengths = {21, 6, 0, 145, 153, 0};
        for (int i = 0; i < 6; i++) {
            Side request = requests.get(i);
            request.awaitEnd();
            assertThat(request.awaitResponse().status()).isEqualTo(statuses[i]);
            assertThat(request.received()).isEqualTo(lengths[i]);
            assertThat(request.awaitResponse().headers().contains("connection")).isFalse();
            assertThat(request.faults()).isEmpty();
        }
        HeaderList small = requests.get(0).awaitResponse().headers();
        assertThat(small.all("content-type")).containsExactly("application/octet-stream");
        assertThat(small.first("etag")).isEqualTo("\"6b03dd9f-15\"");
        assertThat(requests.get(0).text()).startsWith("hello from the o");
        assertThat(requests.get(1).awaitResponse().headers().all("set-cookie"))
                .containsExactly("a=1", "b=2; Path=/");
        assertThat(requests.get(3).awaitResponse().headers().first("location"))
                .isEqualTo("http://127.0.0.1:9000/small.txt");
        OriginFailure down = requests.get(5).awaitResponse().failure();
        assertThat(down).isNotNull();
        assertThat(down.code()).isEqualTo(OriginFailure.Code.UNREACHABLE);

        control.awaitEnd();
        assertThat(control.awaitResponse().status()).isEqualTo(200);
        assertThat(control.received()).isEqualTo(recorded("control-c2e.bin").length);
        assertThat(control.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        assertThat(control.breaches()).isEmpty();
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() throws Exception {
        Side side = openReady();
        byte[] interim = {0x48, 3, '1', '0', '0'};
        out.write(frame(HEADERS, 4, 3, interim));
        out.write(frame(HEADERS, 5, 3, (byte) 0x89));
        assertThat(side.awaitResponse().status()).isEqualTo(204);
        assertThat(side.breaches()).isEmpty();
    }

    @Test
    void aResetWithoutAHeadIsAFault() throws Exception {
        Side side = openReady();
        Eventually.until("open", () -> link.load() == 1);
        out.write(frame(RST_STREAM, 0, 3, (byte) 0, (byte) 0, (byte) 0, (byte) 2));
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertThat(side.hasResponse()).isFalse();
        assertThat(link.isOpen()).isTrue();
    }

    @Test
    void anUpgradeStatusInHttp2EndsOnlyItsStream() throws Exception {
        Side side = openReady();
        out.write(frame(HEADERS, 4, 3, (byte) 0x48, (byte) 3, (byte) '1', (byte) '0', (byte) '1'));
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertThat(link.isOpen()).isTrue();
    }

    @Test
    void aStreamOpenedByTheConnectorEndsTheConnection() throws Exception {
        Side side = openReady();
        out.write(frame(HEADERS, 4, 2, (byte) 0x88));
        side.awaitFault();
        Eventually.until("closed", () -> !link.isOpen());
    }

    @Test
    void floodsEndTheConnection() throws Exception {
        Side side = openReady();
        out.write(frame(HEADERS, 4, 3, (byte) 0x88));
        side.awaitResponse();
        try {
            for (int i = 0; i < 100; i++) {
                out.write(frame(DATA, 0, 3));
            }
        } catch (IOException e) {
            // The link has closed: what is wanted.
        }
        side.awaitFault();
        Eventually.until("closed", () -> !link.isOpen());
    }

    @Test
    void continuationsWithoutEndEndTheConnection() throws Exception {
        Side side = openReady();
        out.write(frame(HEADERS, 0, 3, (byte) 0x88));
        try {
            for (int i = 0; i < 100_000 && link.isOpen(); i++) {
                out.write(frame(CONTINUATION, 0, 3));
            }
        } catch (IOException e) {
            // The link has closed: what is wanted.
        }
        side.awaitFault();
        Eventually.until("closed", () -> !link.isOpen());
    }

    @Test
    void oneUploadThatIsNotReadLeavesRoomForTheOthers() throws Exception {
        // The window of cloudflared: 1 MiB a stream and 1 MiB a connection.
        out.write(recorded("connection-c2e.bin"), 0, 67);
        Eventually.until("ready", link::isOpen);
        Side unread = open(StreamKind.HTTP, false).limit(1 << 20);
        unread.sendPattern(4 << 20, 16 * 1024, true);
        Side other = open(StreamKind.HTTP, false);
        other.sendPattern(4 << 20, 16 * 1024, true);
        DataInputStream in = new DataInputStream(peer.getInputStream());
        in.readNBytes(24);
        int first = 0;
        int second = 0;
        while (second < 4 << 20) {
            Frame frame = read(in);
            if (frame.type == DATA && frame.stream == 3) {
                first += frame.payload.length;
            } else if (frame.type == DATA) {
                second += frame.payload.length;
                byte[] size = ByteBuffer.allocate(4).putInt(frame.payload.length).array();
                if (frame.payload.length > 0) {
                    out.write(frame(WINDOW_UPDATE, 0, 0, size));
                    out.write(frame(WINDOW_UPDATE, 0, 5, size));
                }
            }
        }
        assertThat(first).isLessThanOrEqualTo(256 * 1024 + 16 * 1024);
        assertThat(unread.credited()).isLessThanOrEqualTo(256 * 1024 + 16 * 1024);
    }

    private static Frame read(DataInputStream in) throws IOException {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(head >>> 8);
        return new Frame(head & 0xff, flags, stream, payload);
    }
}
