package dev.culvert.protocols.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RpcMessageTest {
    private static final RpcError SHUTDOWN = new RpcError(RpcError.Kind.FAILED, "rpc: shutdown");

    static Stream<String> recorded() {
        return Vectors.allMessages();
    }

    static Stream<RpcMessage> oneOfEach() {
        Payload payload =
                new Payload(
                        new StructBuilder(0, 1).pointer(0, new Value.Capability(1)).build(),
                        List.of(
                                CapDescriptor.senderHosted(9),
                                new CapDescriptor(
                                        CapDescriptor.Kind.RECEIVER_HOSTED, -1, Value.NULL)));
        MessageTarget promised = new MessageTarget.Promised(new PromisedAnswer(3, List.of(0, 7)));
        return Stream.of(
                new Bootstrap(-1),
                new Call(5, promised, -2L, 65535, payload, 1),
                new Call(5, new MessageTarget.ImportedCap(8), 1L, 0, Payload.of(Struct.EMPTY), 0),
                new Return(1, new Return.Results(payload)),
                new Return(
                        1,
                        false,
                        new Return.Failed(new RpcError(RpcError.Kind.OVERLOADED, "later"))),
                new Return(1, new Return.Canceled()),
                new Return(1, new Return.Elsewhere(4, 17, Value.NULL)),
                new Finish(4, true),
                new Finish(4, false),
                new Release(2, -1),
                new Abort(SHUTDOWN),
                new Resolve(1, new Resolve.Kept(CapDescriptor.senderHosted(2))),
                new Resolve(1, new Resolve.Broken(SHUTDOWN)),
                new Disembargo(promised, 1, 44),
                new Unimplemented(new Bootstrap(6).message()),
                new Unknown(new StructBuilder(1, 1).u16(0, 10).build()));
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void readsWhatItWrites(RpcMessage message) throws ProtocolException {
        assertThat(decode(message.encode())).isEqualTo(message);
        assertThat(decode(message.encode()).encode()).isEqualTo(message.encode());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void writesEachRecordedMessageWithTheSameMeaning(String name) throws ProtocolException {
        RpcMessage message = decode(Vectors.bytes(name));
        assertThat(decode(message.encode())).isEqualTo(message);
        assertThat(message.getClass().getSimpleName().toLowerCase())
                .isEqualTo(name.replaceAll(".*/\\d\\d-...-|-.*|\\.bin", ""));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void writesTheSameBytesWhereTheRecorderWroteNoEmptyTableAndNoOtherOrder(String name)
            throws ProtocolException {
        // Calls of cloudflared have an empty table and their own order; empty results of the
        // recording edge are a pointer to no words at another place.
        if (name.contains("c2e-call") || name.matches(".*return-u.*")) {
            return;
        }
        assertThat(decode(Vectors.bytes(name)).encode()).isEqualTo(Vectors.bytes(name));
    }

    @Test
    void readsTheFieldsStoredAgainstTheirDefaults() throws ProtocolException {
        assertThat(decode(Vectors.bytes("http2-local/04-c2e-finish-q0.bin")))
                .isEqualTo(new Finish(0, false));
        Return r = (Return) decode(Vectors.bytes("http2-local/01-e2c-return-bootstrap.bin"));
        assertThat(r.releaseParamCaps()).isTrue();
    }

    @Test
    void rejectsUnionsOfUnknownKind() {
        Struct target = new StructBuilder(1, 1).u16(4, 2).build();
        assertRejected(2, new StructBuilder(3, 3).pointer(0, target).build(), "call target: 2");
        assertRejected(3, new StructBuilder(2, 1).u16(6, 6).build(), "kind of return: 6");
        assertRejected(5, new StructBuilder(1, 1).u16(4, 2).build(), "kind of resolve: 2");
    }

    @Test
    void rejectsABodyThatIsNoStruct() {
        assertRejected(8, new Value.Capability(1), "expected: a struct");
    }

    @Test
    void rejectsTransformsAndTablesAboveTheirBounds() {
        List<Integer> path = java.util.Collections.nCopies(17, 0);
        MessageTarget deep = new MessageTarget.Promised(new PromisedAnswer(0, path));
        Call call = new Call(0, deep, 0, 0, Payload.of(Struct.EMPTY), 0);
        assertThatThrownBy(() -> decode(call.encode())).hasMessageContaining("at most 16");
        Payload caps =
                new Payload(
                        Value.NULL,
                        java.util.Collections.nCopies(65, CapDescriptor.senderHosted(0)));
        Return r = new Return(0, new Return.Results(caps));
        assertThatThrownBy(() -> decode(r.encode())).hasMessageContaining("at most 64");
    }

    private static void assertRejected(int tag, Value body, String message) {
        Struct root = new StructBuilder(1, 1).u16(0, tag).pointer(0, body).build();
        assertThatThrownBy(() -> RpcMessage.decode(root))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message);
    }

    private static RpcMessage decode(byte[] bytes) throws ProtocolException {
        return RpcMessage.decode(
                new MessageFramer(MessageLimits.REGISTRATION).next(ByteBuffer.wrap(bytes)));
    }
}
