package dev.culvert.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.configuration.ConfigurationBody;
import dev.culvert.protocols.configuration.ConfigurationClient;
import dev.culvert.protocols.configuration.ConfigurationServer;
import dev.culvert.protocols.configuration.UpdateConfiguration;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.protocols.quic.BodyDecoder;
import dev.culvert.protocols.quic.ConnectRequest;
import dev.culvert.protocols.quic.ConnectResponse;
import dev.culvert.protocols.quic.QuicHeads;
import dev.culvert.protocols.rdp.ChannelChunk;
import dev.culvert.protocols.rdp.ClientInfoPdu;
import dev.culvert.protocols.rdp.McsConnectInitial;
import dev.culvert.protocols.rdp.McsConnectResponse;
import dev.culvert.protocols.rdp.McsPdu;
import dev.culvert.protocols.rdp.RdCleanPath;
import dev.culvert.protocols.rdp.RdpPacket;
import dev.culvert.protocols.rdp.SharePdu;
import dev.culvert.protocols.registration.ClientInfo;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.ConnectionOptions;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationClient;
import dev.culvert.protocols.registration.RegistrationServer;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import dev.culvert.protocols.stream.FieldSyntax;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.ResponseMeta;
import dev.culvert.protocols.stream.SerializedHeaders;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
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
    void sshPublicKeys(byte[] bytes) {
        SshPublicKey key;
        try {
            key = SshPublicKey.of(bytes);
        } catch (ProtocolException _) {
            return; // rejected
        }
        try {
            assertThat(SshPublicKey.ofLine(key.line())).isEqualTo(key);
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + key, e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void sshCertificates(byte[] bytes) {
        SshCertificate certificate;
        try {
            certificate = SshCertificate.of(bytes);
        } catch (ProtocolException _) {
            return; // rejected
        }
        try {
            byte[] again = certificate.sign(new byte[32], signed -> new byte[8]);
            assertThat(SshCertificate.of(again)).isEqualTo(certificate);
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + certificate, e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void rdCleanPath(byte[] bytes) {
        RdCleanPath message;
        try {
            message = RdCleanPath.decode(bytes);
        } catch (ProtocolException _) {
            return; // rejected
        }
        try {
            byte[] written = message.encode();
            assertThat(RdCleanPath.decode(written).encode()).isEqualTo(written);
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + message, e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void rdpPackets(byte[] bytes) {
        rdp(() -> RdpPacket.length(ByteBuffer.wrap(bytes), true));
        rdp(() -> RdpPacket.length(ByteBuffer.wrap(bytes), false));
        rdp(() -> McsPdu.of(ByteBuffer.wrap(bytes)));
        rdp(() -> SharePdu.all(ByteBuffer.wrap(bytes)));
        rdp(() -> ChannelChunk.of(ByteBuffer.wrap(bytes)));
        rdp(() -> McsConnectResponse.of(ByteBuffer.wrap(bytes)));
        rdp(() -> {
            byte[] changed = bytes.clone();
            McsConnectInitial initial = McsConnectInitial.of(ByteBuffer.wrap(changed));
            int channels = initial.channels().size();
            initial.preferTrueColour();
            for (int i = 0; i < channels; i++) {
                initial.rename(i, "none" + i);
            }
            assertThat(McsConnectInitial.of(ByteBuffer.wrap(changed)).channels()).hasSize(channels);
        });
        rdp(() -> {
            ByteBuffer written = ClientInfoPdu.of(ByteBuffer.wrap(bytes)).data();
            assertThat(ClientInfoPdu.of(written).data()).isEqualTo(written);
        });
    }

    private interface Decoding {
        void run() throws ProtocolException;
    }

    private static void rdp(Decoding decoding) {
        try {
            decoding.run();
        } catch (ProtocolException _) {
            // rejected
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

    @FuzzTest(maxDuration = "2m")
    void connectRequests(byte[] bytes) {
        StreamRequest request;
        try {
            Struct root = ConnectRequest.framer().next(ByteBuffer.wrap(bytes));
            if (root == null) {
                return;
            }
            ConnectRequest head = ConnectRequest.decode(root);
            assertThat(ConnectRequest.decode(read(ConnectRequest.framer(), head.encode())))
                    .isEqualTo(head);
            request = QuicHeads.decode(head);
        } catch (ProtocolException _) {
            return; // rejected
        }
        assertThat(request.authority()).doesNotContain("\r", "\n", " ", "/");
        assertThat(request.path()).startsWith("/").doesNotContain("\r", "\n", " ");
        assertCarried(request.headers());
        try {
            StreamRequest again = QuicHeads.decode(QuicHeads.encode(request));
            assertThat(again.headers()).isEqualTo(request.headers());
            assertThat(again.path()).isEqualTo(request.path());
            assertThat(again.authority()).isEqualTo(request.authority());
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + request, e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void connectResponses(byte[] bytes) {
        StreamRequest request =
                new StreamRequest(StreamKind.HTTP, "GET", "a", "/", new HeaderList(0), true);
        StreamResponse response;
        try {
            Struct root = ConnectResponse.framer().next(ByteBuffer.wrap(bytes));
            if (root == null) {
                return;
            }
            ConnectResponse head = ConnectResponse.decode(root);
            assertThat(ConnectResponse.decode(read(ConnectResponse.framer(), head.encode())))
                    .isEqualTo(head);
            response = QuicHeads.decode(request, head);
        } catch (ProtocolException _) {
            return; // rejected
        }
        assertThat(response.status()).isBetween(100, 999);
        assertCarried(response.headers());
        try {
            QuicHeads.decode(request, QuicHeads.encode(request, response));
        } catch (ProtocolException e) {
            throw new AssertionError("written, but not readable: " + response, e);
        }
    }

    private static Struct read(MessageFramer framer, byte[] message) throws ProtocolException {
        Struct root = framer.next(ByteBuffer.wrap(message));
        assertThat(root).isNotNull();
        return root;
    }

    private static void assertCarried(HeaderList headers) {
        headers.forEach((name, value) -> {
            assertThat(FieldSyntax.isToken(name)).isTrue();
            assertThat(FieldSyntax.isCarried(value)).isTrue();
        });
    }

    /// The first byte says where the rest is split: whole and in two pieces come to the same.
    @FuzzTest(maxDuration = "2m")
    void bodies(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int split = 1 + Math.floorMod(bytes[0], bytes.length);
        assertThat(steps(bytes, split)).isEqualTo(steps(bytes, bytes.length));
    }

    private static String steps(byte[] bytes, int split) {
        BodyDecoder decoder = new BodyDecoder();
        StringBuilder seen = new StringBuilder();
        try {
            for (int[] range : new int[][] {{1, split}, {split, bytes.length}}) {
                ByteBuffer in = ByteBuffer.wrap(bytes, range[0], range[1] - range[0]);
                BodyDecoder.Step step = decoder.next(in);
                while (step != BodyDecoder.Step.MORE) {
                    if (step == BodyDecoder.Step.BYTES) {
                        for (int i = decoder.available(); i > 0; i--) {
                            seen.append((char) (in.get() & 0xff));
                        }
                    } else {
                        seen.append(step)
                                .append(step == BodyDecoder.Step.CREDIT ? decoder.credit() : "");
                    }
                    step = decoder.next(in);
                }
            }
        } catch (ProtocolException e) {
            seen.append(e.getMessage());
        }
        return seen.append(decoder.isOver()).toString();
    }

    @FuzzTest(maxDuration = "2m")
    void configurationBodies(byte[] bytes) {
        try {
            UpdateConfiguration update = ConfigurationBody.decode(bytes);
            UpdateConfiguration again = ConfigurationBody.decode(ConfigurationBody.encode(update));
            assertThat(again.version()).isEqualTo(update.version());
            assertThat(again.json()).isEqualTo(update.json());
        } catch (ProtocolException _) {
            // rejected
        }
        try {
            UpdateConfiguration.Result result = ConfigurationBody.decodeResult(bytes);
            assertThat(ConfigurationBody.decodeResult(ConfigurationBody.encode(result)))
                    .isEqualTo(result);
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void configurationServer(byte[] bytes) {
        ConfigurationServer[] server = new ConfigurationServer[1];
        server[0] =
                new ConfigurationServer(
                        message -> {},
                        new ConfigurationServer.Calls() {
                            @Override
                            public void update(UpdateConfiguration update) {
                                server[0].updated(
                                        new UpdateConfiguration.Result(update.version(), ""));
                            }

                            @Override
                            public void ended() {}
                        });
        try {
            server[0].receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException _) {
            // rejected
        }
    }

    @FuzzTest(maxDuration = "2m")
    void configurationClient(byte[] bytes) {
        ConfigurationClient client =
                new ConfigurationClient(
                        message -> {},
                        result -> assertThat(result.error()).isNotNull(),
                        reason -> assertThat(reason).isNotEmpty());
        client.update(new UpdateConfiguration(1, new byte[] {'{', '}'}));
        try {
            client.receive(ByteBuffer.wrap(bytes));
        } catch (ProtocolException _) {
            // rejected
        }
        client.close();
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
