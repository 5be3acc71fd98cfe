package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.protocols.quic.ConnectRequest;
import dev.culvert.protocols.quic.ConnectResponse;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.quic.Preamble;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.handler.codec.quic.QuicStreamType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Peers that do not keep to the protocol, made of bytes: each costs its stream and nothing else.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class RawStreamsTest {
    private static EventLoops loops;

    private final SideTarget target = new SideTarget();
    private QuicEnds ends;
    private RawConnector raw;
    private int answers;

    @BeforeAll
    static void startLoops() {
        loops = new EventLoops("raw", 2);
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @AfterEach
    void close() {
        if (ends != null) {
            ends.abortEdge();
            Eventually.until("both ends closed", ends::bothClosed);
        }
        if (raw != null) {
            raw.close();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    // ---- towards a connector

    private RawStream toConnector(Dialect dialect) throws Exception {
        if (ends == null) {
            ends = QuicEnds.connect(loops, loops.next(), loops.next(), target, dialect.alpn());
        }
        return RawStream.open(ends.edgeChannel());
    }

    private static byte[] request(String... metadata) {
        return new ConnectRequest(
                        ConnectRequest.Type.HTTP, "https://app.example/", HeaderList.of(metadata))
                .encode();
    }

    private static byte[] upload() {
        return request("HttpMethod", "POST", "HttpHeader:Transfer-Encoding", "chunked");
    }

    private void assertConnectorGoesOn(Dialect dialect) throws Exception {
        Eventually.until("no load", () -> ends.connectorLoad() == 0);
        RawStream next = toConnector(dialect).send(Preamble.DATA.bytes(), request());
        target.next().respond(204, new HeaderList(), true);
        next.awaitBytes(9);
        assertThat(Preamble.of(java.nio.ByteBuffer.wrap(next.received()))).isEqualTo(Preamble.DATA);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectorResetsAStreamOfAnUnknownSignature(Dialect dialect) throws Exception {
        RawStream stream = toConnector(dialect).send(ascii("GET / HTTP/1.1\r\n\r\n"));
        stream.awaitReset();
        assertThat(target.waiting()).isZero();
        assertConnectorGoesOn(dialect);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectorResetsAStreamWhoseHeadIsBrokenOrCut(Dialect dialect) throws Exception {
        toConnector(dialect).send(Preamble.DATA.bytes(), hex("ffffffffffffffff")).awaitReset();
        toConnector(dialect).send(Preamble.DATA.bytes(), request("HttpMethod", "G T")).awaitReset();
        toConnector(dialect).send(Preamble.DATA.bytes(), hex("0000")).fin().awaitReset();
        toConnector(dialect).send(hex("0a36")).fin().awaitReset();
        toConnector(dialect).fin().awaitReset();
        assertThat(target.waiting()).isZero();
        assertConnectorGoesOn(dialect);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectorReadsAHeadThatComesByteByByte(Dialect dialect) throws Exception {
        RawStream stream = toConnector(dialect);
        for (byte[] part : new byte[][] {Preamble.DATA.bytes(), request("HttpMethod", "PUT")}) {
            for (byte b : part) {
                stream.send(new byte[] {b});
            }
        }
        Side served = target.next();
        assertThat(served.request().method()).isEqualTo("PUT");
        served.respond(200, new HeaderList(), true);
        stream.awaitBytes(9);
    }

    @Test
    void aBodyThatIsCutIsAnErrorAndNoEnd() throws Exception {
        byte[][] cuts = {
            {}, hex("05 4142"), hex("02 4142"), hex("4f"), hex("00"), hex("0001 05 5951")
        };
        for (byte[] cut : cuts) {
            toConnector(Dialect.CULVERT).send(Preamble.DATA.bytes(), upload(), cut).fin();
            Side served = target.next();
            assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
            assertThat(served.ended()).isFalse();
            assertThat(served.breaches()).isEmpty();
        }
        assertConnectorGoesOn(Dialect.CULVERT);
    }

    @Test
    void aBodyThatIsBrokenIsAnErrorAndNoEnd() throws Exception {
        for (String broken :
                new String[] {"c0", "0004", "0003 00", "0002", "00 01 00", "01 41 00 07"}) {
            RawStream stream =
                    toConnector(Dialect.CULVERT).send(Preamble.DATA.bytes(), upload(), hex(broken));
            Side served = target.next();
            assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
            assertThat(served.ended()).isFalse();
            stream.awaitReset();
        }
        assertConnectorGoesOn(Dialect.CULVERT);
    }

    /// Bytes of a request that said it had none.
    @Test
    void aBodyNobodyAnnouncedIsThrownAway() throws Exception {
        for (Dialect dialect : Dialect.values()) {
            RawStream stream =
                    toConnector(dialect)
                            .send(
                                    Preamble.DATA.bytes(),
                                    request(),
                                    dialect == Dialect.CULVERT
                                            ? hex("03 414243 0000")
                                            : hex("414243"));
            Side served = target.next();
            served.respond(200, new HeaderList(), true);
            stream.awaitBytes(9);
            assertThat(served.received()).isZero();
            assertThat(served.faults()).isEmpty();
            close();
            ends = null;
        }
    }

    @Test
    void anRpcStreamOfRubbishIsEndedAndCostsNothingElse() throws Exception {
        toConnector(Dialect.CULVERT)
                .send(Preamble.RPC.bytes(), hex("ffffffffffffffff"))
                .awaitReset();
        toConnector(Dialect.CULVERT).send(Preamble.RPC.bytes()).fin().awaitEnd();
        assertConnectorGoesOn(Dialect.CULVERT);
    }

    // ---- towards an edge

    private Side ask(Dialect dialect, boolean body) throws Exception {
        if (raw == null) {
            raw = new RawConnector(loops, new WithControl(), dialect.alpn());
        }
        return raw.ask(
                new StreamRequest(
                        StreamKind.HTTP,
                        body ? "POST" : "GET",
                        "app.example",
                        "/",
                        new HeaderList(),
                        !body));
    }

    /// As a session has it: somebody hears what comes on the control stream.
    private static final class WithControl implements CarrierEvents {
        @Override
        public void ready(Carrier carrier) {
            Side side = new Side(carrier.loop());
            side.meet(
                    carrier.open(
                            new StreamRequest(
                                    StreamKind.CONTROL, "GET", "a", "/", new HeaderList(), false),
                            side,
                            carrier.loop()));
        }
    }

    /// The next stream of the edge, answered with these bytes.
    private RawStream answered(byte[]... pieces) {
        return raw.await(answers++).send(pieces);
    }

    private static byte[] ok() {
        return new ConnectResponse("", HeaderList.of("HttpStatus", "200")).encode();
    }

    private void assertEdgeGoesOn(Dialect dialect) throws Exception {
        Eventually.until("no load", () -> raw.edge.load() == 0);
        Side caller = ask(dialect, false);
        answered(
                        Preamble.DATA.bytes(),
                        ok(),
                        dialect == Dialect.CULVERT ? BodyFrames.end() : new byte[0])
                .fin();
        caller.awaitEnd();
        assertThat(caller.awaitResponse().status()).isEqualTo(200);
        assertThat(caller.breaches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anEdgeTakesNoAnswerOfAnotherSignatureOrABrokenHead(Dialect dialect) throws Exception {
        byte[][] heads = {
            ascii("HTTP/1.1 200 OK\r\n\r\n"),
            Preamble.RPC.bytes(),
            hex("0a36cd12a13e3031 ffffffffffffffff"),
        };
        for (byte[] head : heads) {
            Side caller = ask(dialect, true);
            RawStream stream = answered(head);
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
            assertThat(caller.hasResponse()).isFalse();
            stream.awaitReset();
        }
        assertEdgeGoesOn(dialect);
    }

    @ParameterizedTest
    @EnumSource
    void anEdgeTakesNoAnswerWithoutAStatus(Dialect dialect) throws Exception {
        Side caller = ask(dialect, false);
        answered(Preamble.DATA.bytes(), new ConnectResponse("", new HeaderList()).encode());
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertEdgeGoesOn(dialect);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatEndsBeforeItsHeadIsAnError(Dialect dialect) throws Exception {
        for (byte[] part : new byte[][] {{}, hex("0a36cd"), hex("0a36cd12a13e3031 000000")}) {
            Side caller = ask(dialect, false);
            answered(part).fin();
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        }
        assertEdgeGoesOn(dialect);
    }

    @Test
    void anAnswerThatIsCutIsAnErrorAndNoEnd() throws Exception {
        for (String cut : new String[] {"", "05 4142", "02 4142", "00", "00 01 05 5951"}) {
            Side caller = ask(Dialect.CULVERT, false);
            answered(Preamble.DATA.bytes(), ok(), hex(cut)).fin();
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
            assertThat(caller.ended()).isFalse();
        }
        assertEdgeGoesOn(Dialect.CULVERT);
    }

    /// Not even with the code that means NOT_READ.
    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsResetIsAnErrorAndNoEnd(Dialect dialect) throws Exception {
        for (int code : new int[] {0, 0x100, 0x101, 0x102, 0x104}) {
            Side caller = ask(dialect, false);
            RawStream stream =
                    answered(
                            Preamble.DATA.bytes(),
                            ok(),
                            dialect == Dialect.CULVERT ? hex("02 4142") : ascii("AB"));
            caller.awaitReceived(2);
            stream.reset(code);
            assertThat(caller.awaitFault().kind()).isNotEqualTo(StreamFault.Kind.NOT_READ);
            assertThat(caller.ended()).isFalse();
        }
        assertEdgeGoesOn(dialect);
    }

    /// What cloudflared does with a request it does not read to its end: the answer, FIN and STOP_SENDING.
    @Test
    void anUploadNobodyReadsIsCreditedAndEndsWithTheAnswer() throws Exception {
        Side caller = ask(Dialect.ARGOTUNNEL, true);
        caller.sendPattern(QuicEnds.LARGEST, 16 * 1024, false);
        RawStream stream = answered(new byte[0]);
        stream.awaitBytes(1);
        stream.stop(0);
        caller.awaitCredited(QuicEnds.LARGEST);
        assertThat(caller.faults()).isEmpty();
        stream.send(Preamble.DATA.bytes(), ok(), ascii("enough")).fin();
        caller.awaitEnd();
        assertThat(caller.text()).isEqualTo("enough");
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        assertEdgeGoesOn(Dialect.ARGOTUNNEL);
    }

    @Test
    void anUploadNobodyReadsAnyMoreAfterTheAnswerEnds() throws Exception {
        Side caller = ask(Dialect.ARGOTUNNEL, true);
        RawStream stream = answered(Preamble.DATA.bytes(), ok(), ascii("enough"));
        caller.awaitReceived(6);
        stream.fin();
        caller.awaitEnd();
        stream.stop(0);
        Eventually.until(
                "told by a write",
                () -> {
                    caller.send("x", false);
                    return !caller.faults().isEmpty();
                });
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        Eventually.until("all credited", () -> caller.credited() == caller.sent());
        assertEdgeGoesOn(Dialect.ARGOTUNNEL);
    }

    @Test
    void cloudflaredsErrorIsAFailureOfTheOrigin() throws Exception {
        Side caller = ask(Dialect.ARGOTUNNEL, false);
        answered(
                        Preamble.DATA.bytes(),
                        new ConnectResponse("dial tcp: refused", new HeaderList()).encode())
                .fin();
        assertThat(caller.awaitResponse().status()).isEqualTo(502);
        assertThat(caller.awaitResponse().failure().detail()).isEqualTo("dial tcp: refused");
        caller.awaitEnd();
    }

    @ParameterizedTest
    @EnumSource
    void anEdgeRefusesStreamsOfAConnectorButTheFirst(Dialect dialect) throws Exception {
        ask(dialect, false);
        RawStream control = RawStream.open(raw.connector);
        control.send(new byte[] {0});
        RawStream second = RawStream.open(raw.connector).send(Preamble.RPC.bytes());
        second.awaitReset();
        assertThat(control.isUndisturbed()).isTrue();
        assertThat(raw.edge.isOpen()).isTrue();
        answered(Preamble.DATA.bytes(), ok()).fin();
    }

    @Test
    void aUnidirectionalStreamSaysThatAConnectorLeaves() throws Exception {
        ask(Dialect.CULVERT, false);
        for (int i = 0; i < 3; i++) {
            RawStream.open(raw.connector, QuicStreamType.UNIDIRECTIONAL).send(new byte[] {1}).fin();
        }
        Eventually.until("no more streams", () -> !raw.edge.isOpen());
        Side late = ask(Dialect.CULVERT, false);
        assertThat(late.awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
        assertThat(raw.connector.isActive()).isTrue();
    }
}
