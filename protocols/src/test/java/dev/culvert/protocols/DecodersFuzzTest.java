package dev.culvert.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.protocols.registration.ClientInfo;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.ConnectionOptions;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationClient;
import dev.culvert.protocols.registration.RegistrationServer;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.ResponseMeta;
import dev.culvert.protocols.stream.SerializedHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// Any bytes either decode to something that survives encoding and decoding again, or end in a
/// [ProtocolException]; nothing else.
///
/// Without more, each target replays its seeds, `DecodersFuzzTestInputs/<method>/`. To search on, run
/// one target with the environment variable `JAZZER_FUZZ=1`.
class DecodersFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void messages(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
        try {
            for (Struct root = framer.next(in); root != null; root = framer.next(in)) {
                byte[] written = MessageWriter.encode(root);
                assertThat(
                                new MessageFramer(MessageLimits.REGISTRATION)
                                        .next(ByteBuffer.wrap(written)))
                        .isEqualTo(root);
            }
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void rpcMessages(byte[] bytes) {
        RpcMessage message;
        try {
            Struct root =
                    new MessageFramer(MessageLimits.REGISTRATION).next(ByteBuffer.wrap(bytes));
            if (root == null) {
                return;
            }
            message = RpcMessage.decode(root);
        } catch (ProtocolException _) {
            return; // rejected
        }
        try {
            assertThat(RpcMessage.decode(message.message())).isEqualTo(message);
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + message, e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void registrationServer(byte[] bytes) {
        Edge edge = new Edge();
        try {
            edge.server.receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void registrationClient(byte[] bytes) {
        Connector connector = new Connector();
        try {
            connector.client.receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException _) {
            // rejected
        }
        connector.client.close();
    }

    @FuzzTest(maxDuration = "2m")
    void serializedHeaders(byte[] bytes) {
        try {
            HeaderList headers =
                    SerializedHeaders.decode(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(SerializedHeaders.decode(SerializedHeaders.encode(headers)))
                    .isEqualTo(headers);
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void responseMeta(byte[] bytes) {
        ResponseMeta meta;
        try {
            meta = ResponseMeta.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (ProtocolException _) {
            return; // rejected
        }
        try {
            String json = meta.encode();
            assertThat(json).matches("[ -~]*");
            assertThat(ResponseMeta.parse(json).encode()).isEqualTo(json);
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable", e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void tunnelToken(byte[] bytes) {
        try {
            TunnelCredentials credentials =
                    TunnelToken.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(TunnelToken.parse(TunnelToken.format(credentials))).isEqualTo(credentials);
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void tunnelCredentials(byte[] bytes) {
        try {
            TunnelCredentials credentials =
                    TunnelCredentials.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(TunnelCredentials.parse(credentials.format())).isEqualTo(credentials);
        } catch (ProtocolException _) {
            // rejected
        }
    }

    /// Answers every call at once.
    private static final class Edge implements RegistrationServer.Calls {
        private final RegistrationServer server = new RegistrationServer(message -> {}, this);

        @Override
        public void register(RegisterConnection request) {
            assertThat(request.toString()).isNotEmpty();
            server.registered(new ConnectionDetails(new UUID(1, 2), "fuzz", false));
        }

        @Override
        public void unregister() {
            server.unregistered();
        }

        @Override
        public void localConfiguration(byte[] json) {}

        @Override
        public void ended(String reason) {}
    }

    /// Takes each step as soon as it may.
    private static final class Connector implements RegistrationClient.Events {
        private final RegistrationClient client = new RegistrationClient(bytes -> {}, this);

        Connector() {
            ClientInfo info = new ClientInfo(new UUID(1, 2), List.of("a"), "v", "linux_amd64");
            ConnectionOptions options = new ConnectionOptions(info, new byte[0], false, 0, 0);
            client.register(
                    new RegisterConnection("tag", new byte[32], new UUID(3, 4), 0, options));
        }

        @Override
        public void registered(ConnectionDetails details) {
            client.pushLocalConfiguration(new byte[] {'{', '}'});
        }

        @Override
        public void refused(ConnectionError error) {}

        @Override
        public void localConfigurationAccepted() {
            client.unregister();
        }

        @Override
        public void unregistered() {
            client.close();
        }

        @Override
        public void failed(String reason) {}
    }
}
