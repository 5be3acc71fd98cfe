package dev.culvert.protocols.registration;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// The values of `vectors/README.md`, and what both ends of a conversation are told, in order.
final class Recording {
    static final byte[] SECRET =
            HexFormat.of()
                    .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    static final UUID TUNNEL = UUID.fromString("11111111-2222-3333-4444-555555555555");
    static final List<String> FEATURES =
            List.of(
                    "allow_remote_config",
                    "management_logs",
                    "serialized_headers",
                    "support_datagram_v2",
                    "support_quic_eof");
    static final ConnectionDetails LOCAL =
            new ConnectionDetails(
                    UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), "tst01", false);
    static final ConnectionDetails REMOTE = new ConnectionDetails(LOCAL.uuid(), "tst01", true);
    static final ConnectionError UNAUTHORIZED =
            new ConnectionError("Unauthorized:_Invalid_tunnel_secret", Duration.ZERO, false);
    static final ConnectionError TRY_AGAIN = new ConnectionError("try_again", Duration.ZERO, true);

    private Recording() {}

    static RegisterConnection request() {
        byte[] loopback = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
        ClientInfo client =
                new ClientInfo(
                        UUID.fromString("b61ff32a-734f-41ff-bf7a-5166b5ed4f83"),
                        FEATURES,
                        "peer",
                        "linux_amd64");
        return new RegisterConnection(
                "acct-tag-test",
                SECRET,
                TUNNEL,
                0,
                new ConnectionOptions(client, loopback, false, 0, 0));
    }

    /// Bytes sent by an end.
    static final class Sent implements Consumer<byte[]> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void accept(byte[] message) {
            bytes.writeBytes(message);
        }

        byte[] take() {
            byte[] taken = bytes.toByteArray();
            bytes.reset();
            return taken;
        }
    }

    static final class Calls implements RegistrationServer.Calls {
        final List<String> events = new ArrayList<>();
        final List<RegisterConnection> requests = new ArrayList<>();
        byte[] configuration = {};

        @Override
        public void register(RegisterConnection request) {
            events.add("register");
            requests.add(request);
        }

        @Override
        public void unregister() {
            events.add("unregister");
        }

        @Override
        public void localConfiguration(byte[] json) {
            events.add("localConfiguration");
            configuration = json;
        }

        @Override
        public void ended(String reason) {
            events.add("ended: " + reason);
        }

        String configurationText() {
            return new String(configuration, StandardCharsets.UTF_8);
        }
    }

    static final class Events implements RegistrationClient.Events {
        final List<String> seen = new ArrayList<>();

        @Override
        public void registered(ConnectionDetails details) {
            seen.add("registered " + details);
        }

        @Override
        public void refused(ConnectionError error) {
            seen.add("refused " + error);
        }

        @Override
        public void localConfigurationAccepted() {
            seen.add("accepted");
        }

        @Override
        public void localConfigurationRefused(String reason) {
            seen.add("not accepted: " + reason);
        }

        @Override
        public void unregistered() {
            seen.add("unregistered");
        }

        @Override
        public void failed(String reason) {
            seen.add("failed: " + reason);
        }
    }
}
