package dev.culvert.transport.http2;

import static dev.culvert.transport.http2.RawPeer.ACK;
import static dev.culvert.transport.http2.RawPeer.CONTINUATION;
import static dev.culvert.transport.http2.RawPeer.DATA;
import static dev.culvert.transport.http2.RawPeer.END_HEADERS;
import static dev.culvert.transport.http2.RawPeer.END_STREAM;
import static dev.culvert.transport.http2.RawPeer.GOAWAY;
import static dev.culvert.transport.http2.RawPeer.HEADERS;
import static dev.culvert.transport.http2.RawPeer.PING;
import static dev.culvert.transport.http2.RawPeer.RST_STREAM;
import static dev.culvert.transport.http2.RawPeer.SETTINGS;
import static dev.culvert.transport.http2.RawPeer.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.testing.NoLeaks;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a stranger may not do to the public face in any number, and that he may in a usual one.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class FloodTest {
    /// The second when our RST overtakes the GOAWAY, since the peer is still sending.
    private static final List<String> CUT = List.of("connection ENHANCE_YOUR_CALM", "closed");

    private static final String[] GET = {
        ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"
    };

    private static RawLink listening;
    private RawPeer peer;

    @BeforeAll
    static void listen() throws Exception {
        listening = RawLink.open();
    }

    @AfterAll
    static void stop() {
        listening.close();
    }

    @BeforeEach
    void connect() throws Exception {
        peer = listening.connect();
        peer.preface().flush();
        peer.next(SETTINGS);
        peer.frame(SETTINGS, ACK, 0);
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
    }

    private String after(int times, IntConsumer each) throws Exception {
        for (int i = 0; i < times; i++) {
            each.accept(i);
        }
        return peer.outcome();
    }

    /// CVE-2023-44487.
    @Test
    void streamsThatAreResetAtOnce() throws Exception {
        IntConsumer openAndReset =
                i -> peer.headers(1 + 2 * i, END_STREAM, GET).number(RST_STREAM, 1 + 2 * i, 8);
        assertThat(after(300, openAndReset)).isEqualTo("fine");
        assertThat(after(300, i -> openAndReset.accept(300 + i))).isIn(CUT);
    }

    /// CVE-2025-8671: streams the client makes us reset.
    @Test
    void streamsThatWeHaveToReset() throws Exception {
        String outcome = "stream PROTOCOL_ERROR";
        for (int i = 0; i < 2000; i++) {
            peer.headers(1 + 2 * i, 0, GET).number(WINDOW_UPDATE, 1 + 2 * i, 0);
        }
        while (outcome.equals("stream PROTOCOL_ERROR")) {
            outcome = peer.outcome();
        }
        assertThat(outcome).isIn(CUT);
    }

    /// CVE-2024-27316.
    @Test
    void aBlockWithoutEnd() throws Exception {
        peer.frame(HEADERS, END_STREAM, 1, RawPeer.block(GET));
        assertThat(after(1000, i -> peer.frame(CONTINUATION, 0, 1, RawPeer.block("x-a", "1"))))
                .isIn(CUT);
    }

    @Test
    void aBlockOfEmptyParts() throws Exception {
        peer.frame(HEADERS, END_STREAM, 1, RawPeer.block(GET));
        assertThat(after(1000, i -> peer.frame(CONTINUATION, 0, 1))).isIn(CUT);
    }

    @Test
    void aBlockOfLargeParts() throws Exception {
        peer.frame(HEADERS, END_STREAM, 1, RawPeer.block(GET));
        byte[] large = RawPeer.block("x-a", "1".repeat(16000));
        assertThat(after(20, i -> peer.frame(CONTINUATION, 0, 1, large))).startsWith("connection ");
    }

    @Test
    void fieldsBeyondTheLimitAre431() throws Exception {
        peer.frame(HEADERS, END_STREAM, 1, RawPeer.block(GET));
        for (int i = 0; i < 4; i++) {
            peer.frame(CONTINUATION, 0, 1, RawPeer.block("x-a", "1".repeat(16300)));
        }
        peer.frame(CONTINUATION, END_HEADERS, 1, RawPeer.block("x-b", "2".repeat(1000)));
        assertThat(peer.outcome()).isEqualTo("answered 431");
    }

    /// A small block that unpacks to a large one, by an entry of the table repeated.
    @Test
    void aBlockThatIsABomb() throws Exception {
        byte[] value = RawPeer.block("x-a", "1".repeat(3900));
        value[0] = 0x40;
        byte[] repeated = new byte[16000];
        java.util.Arrays.fill(repeated, (byte) 0xbe);
        peer.frame(HEADERS, END_STREAM, 1, RawPeer.block(GET))
                .frame(CONTINUATION, 0, 1, value)
                .frame(CONTINUATION, END_HEADERS, 1, repeated);
        assertThat(peer.outcome()).isIn("answered 431", CUT.getFirst());
    }

    @Test
    void pings() throws Exception {
        assertThat(after(500, i -> peer.frame(PING, 0, 0, new byte[8]))).isEqualTo("fine");
        assertThat(after(20_000, i -> peer.frame(PING, 0, 0, new byte[8]))).isIn(CUT);
    }

    @Test
    void settings() throws Exception {
        assertThat(after(200, i -> peer.settings(4, 65535 + i))).isEqualTo("fine");
        assertThat(after(20_000, i -> peer.settings(4, 65535 + i))).isIn(CUT);
    }

    @Test
    void priorities() throws Exception {
        assertThat(after(500, i -> peer.priority(1 + 2 * i, 0))).isEqualTo("fine");
        assertThat(after(20_000, i -> peer.priority(1 + 2 * i, 0))).isIn(CUT);
    }

    @Test
    void emptyData() throws Exception {
        peer.headers(1, 0, GET);
        assertThat(after(1000, i -> peer.frame(DATA, 0, 1))).isIn(CUT);
    }

    @Test
    void dataThatIsAllPadding() throws Exception {
        peer.headers(1, 0, GET);
        byte[] padding = new byte[256];
        padding[0] = (byte) 255;
        assertThat(after(5000, i -> peer.frame(DATA, RawPeer.PADDED, 1, padding))).isIn(CUT);
    }

    @Test
    void anIdleConnectionIsEndedAndOneWithAStreamIsNot() throws Exception {
        try (RawLink impatient =
                        RawLink.open(LinkLimits.PUBLIC.with(8, 4096, Duration.ofMillis(100)));
                RawPeer idle = impatient.connect();
                RawPeer busy = impatient.connect()) {
            busy.preface().headers(1, 0, GET).flush();
            idle.preface().frame(HEADERS, 0, 1).flush();
            assertThat(idle.next(GOAWAY).code(4)).isZero();
            assertThat(busy.outcome()).isEqualTo("fine");
            impatient.target.next().respond(204, new HeaderList(), true);
            assertThat(busy.decode(busy.next(HEADERS)).status().toString()).isEqualTo("204");
            busy.data(1, END_STREAM, "x").flush();
            busy.next(GOAWAY);
        }
    }
}
