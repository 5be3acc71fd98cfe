package dev.culvert.protocols.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an edge that cloudflared accepted has sent, played to our connector.
class RecordedEdgeTest {
    static Stream<String> conversations() {
        return Vectors.CONVERSATIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isUnderstoodSplitAtEveryIndex(String folder) throws ProtocolException {
        byte[] bytes = Vectors.bytes(folder + "/control-e2c.bin");
        for (int split = 0; split <= bytes.length; split++) {
            Going going = new Going();
            going.client.receive(ByteBuffer.wrap(Arrays.copyOf(bytes, split)));
            going.client.receive(ByteBuffer.wrap(bytes, split, bytes.length - split));
            assertThat(going.events.seen).isEqualTo(expected(folder));
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isUnderstoodByteByByte(String folder) throws ProtocolException {
        Going going = new Going();
        for (byte b : Vectors.bytes(folder + "/control-e2c.bin")) {
            going.client.receive(ByteBuffer.wrap(new byte[] {b}));
        }
        assertThat(going.events.seen).isEqualTo(expected(folder));
    }

    @Test
    void isAnsweredWithTheFinishesThatCloudflaredSends() throws ProtocolException {
        Recording.Sent sent = new Recording.Sent();
        RegistrationClient client = new RegistrationClient(sent, new Recording.Events());
        client.register(Recording.request());
        byte[] burst = sent.take();
        byte[] bootstrap = Vectors.bytes("http2-local/00-c2e-bootstrap.bin");
        assertThat(Arrays.copyOf(burst, bootstrap.length)).isEqualTo(bootstrap);
        for (String name : List.of("01-e2c-return-bootstrap", "03-e2c-return-registerConnection")) {
            client.receive(ByteBuffer.wrap(Vectors.bytes("http2-local/" + name + ".bin")));
        }
        assertThat(sent.take())
                .startsWith(Vectors.bytes("http2-local/04-c2e-finish-q0.bin"))
                .endsWith(Vectors.bytes("http2-local/05-c2e-finish-q1.bin"));
        client.close();
        assertThat(sent.take())
                .startsWith(Vectors.bytes("quic-local/12-c2e-release.bin"))
                .endsWith(Vectors.bytes("quic-local/13-c2e-abort.bin"));
    }

    /// The answers of an edge built on cloudflared's own RPC library.
    @Test
    void ofTheReferenceLibraryIsUnderstood() throws ProtocolException {
        Going going = new Going();
        going.client.receive(
                ByteBuffer.wrap(
                        Vectors.hex(
                                """
                                0000000011000000 0000000001000100 0300000000000000 0000000002000100 0100000001000000
                                0000000000000000 0000000000000200 0400000000000100 2100000007000000 0000000001000100
                                0000000000000000 0000000002000100 00c817a804000000 0100000000000000 0100000052000000
                                747279206c617465 7200000000000000 0000000001000100
                                """)));
        assertThat(going.events.seen)
                .containsExactly(
                        "refused ConnectionError[cause=try later, retryAfter=PT20S, shouldRetry=true]");
    }

    private static List<String> expected(String folder) {
        return switch (folder) {
            case "http2-local", "quic-local" ->
                    List.of("registered " + Recording.LOCAL, "accepted", "unregistered");
            case "http2-remote" -> List.of("registered " + Recording.REMOTE, "unregistered");
            case "http2-refused" -> List.of("refused " + Recording.UNAUTHORIZED);
            default -> List.of("refused " + Recording.TRY_AGAIN);
        };
    }

    /// Goes through the course of a connector, each step inside the event before it.
    private static final class Going {
        private final Recording.Events events = new Recording.Events();
        private final RegistrationClient client =
                new RegistrationClient(
                        new Recording.Sent(),
                        new RegistrationClient.Events() {
                            @Override
                            public void registered(ConnectionDetails details) {
                                events.registered(details);
                                if (details.remotelyManaged()) {
                                    client.unregister();
                                } else {
                                    client.pushLocalConfiguration(
                                            "{}".getBytes(StandardCharsets.UTF_8));
                                }
                            }

                            @Override
                            public void refused(ConnectionError error) {
                                events.refused(error);
                            }

                            @Override
                            public void localConfigurationAccepted() {
                                events.localConfigurationAccepted();
                                client.unregister();
                            }

                            @Override
                            public void unregistered() {
                                events.unregistered();
                                client.close();
                            }

                            @Override
                            public void failed(String reason) {
                                events.failed(reason);
                            }
                        });

        Going() {
            client.register(Recording.request());
        }
    }
}
