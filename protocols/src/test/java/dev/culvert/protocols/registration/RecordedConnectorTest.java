package dev.culvert.protocols.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a real cloudflared sent, played to our edge.
class RecordedConnectorTest {
    private static final Map<String, ConnectionResponse> ANSWERS =
            Map.of(
                    "http2-local", Recording.LOCAL,
                    "http2-remote", Recording.REMOTE,
                    "http2-refused", Recording.UNAUTHORIZED,
                    "http2-refused-retry", Recording.TRY_AGAIN,
                    "quic-local", Recording.LOCAL);
    private static final Map<String, String> CONNECTORS =
            Map.of(
                    "http2-local", "b61ff32a-734f-41ff-bf7a-5166b5ed4f83",
                    "http2-remote", "3bb38a11-c18a-44cc-94cc-d80097caf792",
                    "quic-local", "2bc61f51-709d-4acc-891e-d09dc45131a7");

    static Stream<String> conversations() {
        return Vectors.CONVERSATIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isUnderstoodMessageByMessage(String folder) throws ProtocolException {
        Recording.Sent sent = new Recording.Sent();
        Recording.Calls calls = new Recording.Calls();
        RegistrationServer server = new RegistrationServer(sent, calls);
        for (String name : Vectors.messages(folder)) {
            byte[] bytes = Vectors.bytes(name);
            if (name.contains("-c2e-")) {
                server.receive(ByteBuffer.wrap(bytes));
                answer(server, calls, folder);
            } else if (!name.matches(
                    ".*return-u.*")) { // an empty struct may be pointed at in two ways
                assertThat(sent.take()).as(name).isEqualTo(bytes);
            } else {
                assertThat(sent.take()).as(name).hasSize(bytes.length);
            }
        }
        assertThat(sent.take()).isEmpty();
        assertCalled(folder, calls);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isUnderstoodByteByByte(String folder) throws ProtocolException {
        Recording.Calls calls = new Recording.Calls();
        RegistrationServer server = new RegistrationServer(new Recording.Sent(), calls);
        for (byte b : Vectors.bytes(folder + "/control-c2e.bin")) {
            server.receive(ByteBuffer.wrap(new byte[] {b}));
            answer(server, calls, folder);
        }
        assertCalled(folder, calls);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isUnderstoodWhenAnsweredInsideTheCallback(String folder) throws ProtocolException {
        byte[] bytes = Vectors.bytes(folder + "/control-c2e.bin");
        for (int split = 0; split <= bytes.length; split++) {
            Answering calls = new Answering(folder);
            calls.server.receive(ByteBuffer.wrap(Arrays.copyOf(bytes, split)));
            calls.server.receive(ByteBuffer.wrap(bytes, split, bytes.length - split));
            assertCalled(folder, calls.calls);
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void mayBeCutOffAnywhere(String folder) throws ProtocolException {
        byte[] bytes = Vectors.bytes(folder + "/control-c2e.bin");
        for (int end = 0; end < bytes.length; end++) {
            Answering calls = new Answering(folder);
            calls.server.receive(ByteBuffer.wrap(bytes, 0, end));
            assertThat(calls.calls.events).noneMatch(event -> event.startsWith("ended"));
        }
    }

    private static void answer(RegistrationServer server, Recording.Calls calls, String folder) {
        String last = calls.events.isEmpty() ? "" : calls.events.getLast();
        if (last.equals("register") || last.equals("unregister")) {
            calls.events.add("answered");
            if (last.equals("unregister")) {
                server.unregistered();
                return;
            }
            switch (ANSWERS.get(folder)) {
                case ConnectionDetails details -> server.registered(details);
                case ConnectionError error -> server.refused(error);
            }
        }
    }

    private static void assertCalled(String folder, Recording.Calls calls) {
        List<String> events =
                calls.events.stream().filter(event -> !event.equals("answered")).toList();
        assertThat(events)
                .isEqualTo(
                        switch (folder) {
                            case "http2-local", "quic-local" ->
                                    List.of(
                                            "register",
                                            "localConfiguration",
                                            "unregister",
                                            "ended: rpc: shutdown");
                            case "http2-remote" ->
                                    List.of("register", "unregister", "ended: rpc: shutdown");
                            default -> List.of("register", "ended: rpc: shutdown");
                        });
        assertRequest(folder, calls.requests.getFirst());
        if (folder.endsWith("-local")) {
            assertThat(calls.configurationText())
                    .startsWith("{\"__configuration_flags\":{")
                    .contains("\"hostname\":\"tcp.example.test\"")
                    .endsWith("\"warp-routing\":{}}");
        }
    }

    private static void assertRequest(String folder, RegisterConnection request) {
        ConnectionOptions options = request.options();
        assertThat(request.accountTag()).isEqualTo("acct-tag-test");
        assertThat(request.tunnelSecret()).isEqualTo(Recording.SECRET);
        assertThat(request.tunnelId()).isEqualTo(Recording.TUNNEL);
        assertThat(request.connIndex()).isZero();
        assertThat(options.replaceExisting()).isFalse();
        assertThat(options.compressionQuality()).isZero();
        assertThat(options.numPreviousAttempts()).isZero();
        assertThat(options.originLocalIp())
                .isEqualTo(Recording.request().options().originLocalIp());
        assertThat(options.client().features())
                .containsExactlyInAnyOrderElementsOf(Recording.FEATURES);
        assertThat(options.client().version()).isEqualTo("peer");
        assertThat(options.client().arch()).isEqualTo("linux_amd64");
        if (CONNECTORS.containsKey(folder)) {
            assertThat(options.client().clientId()).hasToString(CONNECTORS.get(folder));
        }
    }

    /// Answers as the recording edge did, at once.
    private static final class Answering implements RegistrationServer.Calls {
        private final Recording.Calls calls = new Recording.Calls();
        private final RegistrationServer server =
                new RegistrationServer(new Recording.Sent(), this);
        private final String folder;

        Answering(String folder) {
            this.folder = folder;
        }

        @Override
        public void register(RegisterConnection request) {
            calls.register(request);
            answer(server, calls, folder);
        }

        @Override
        public void unregister() {
            calls.unregister();
            answer(server, calls, folder);
        }

        @Override
        public void localConfiguration(byte[] json) {
            calls.localConfiguration(json);
        }

        @Override
        public void ended(String reason) {
            calls.ended(reason);
        }
    }
}
