package dev.culvert.edge.tunnel;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.registration.ClientInfo;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.ConnectionOptions;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationClient;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A connector made of bytes: a TLS socket, HTTP/2 frames written and read one by one, and the
/// registration conversation of cloudflared. It does what a test tells it and no more; above all it
/// never closes by itself. Confined to the test's thread.
final class ScriptedConnector implements AutoCloseable, RegistrationClient.Events {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    /// The edge's first stream.
    static final int CONTROL = 3;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final byte STATUS_200 = (byte) 0x88;

    private final Socket tcp;
    private final SSLSocket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final RegistrationClient conversation =
            new RegistrationClient(bytes -> frame(DATA, 0, CONTROL, bytes), this);
    private boolean prefaceRead;

    boolean controlEnded;
    boolean eof;
    boolean goneAway;
    boolean configurationAccepted;
    boolean unregistered;
    ConnectionDetails details;
    ConnectionError error;
    String failure;

    /// What the edge sent on the control stream, beginning with the bootstrap's answer.
    int controlBytes;

    final List<Integer> streams = new ArrayList<>();
    final List<Integer> resets = new ArrayList<>();

    /// Connects and shakes hands, verifying chain and name as cloudflared does. Sends nothing.
    ScriptedConnector(InetSocketAddress edge, Path caPem) throws Exception {
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null);
        try (InputStream pem = Files.newInputStream(caPem)) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, managers.getTrustManagers(), null);
        tcp = new Socket("127.0.0.1", edge.getPort());
        tcp.setTcpNoDelay(true);
        socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(tcp, "h2.cftunnel.com", edge.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
    }

    void write(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private void frame(int type, int flags, int stream, byte... payload) {
        try {
            write(
                    ByteBuffer.allocate(9 + payload.length)
                            .putInt(payload.length << 8 | type)
                            .put((byte) flags)
                            .putInt(stream)
                            .put(payload)
                            .array());
        } catch (IOException e) {
            eof = true;
        }
    }

    /// Our SETTINGS, then everything up to the control stream the edge opens.
    ScriptedConnector greet() throws IOException {
        frame(SETTINGS, 0, 0);
        readUntil(() -> streams.contains(CONTROL));
        return this;
    }

    ScriptedConnector openControl() throws IOException {
        greet();
        frame(HEADERS, END_HEADERS, CONTROL, STATUS_200);
        return this;
    }

    static RegisterConnection call(
            String accountTag, byte[] secret, UUID tunnel, UUID connector, int index) {
        return new RegisterConnection(
                accountTag,
                secret,
                tunnel,
                index,
                new ConnectionOptions(
                        new ClientInfo(
                                connector,
                                List.of("serialized_headers", "support_datagram_v2"),
                                "2026.8.2",
                                "linux_amd64"),
                        new byte[] {127, 0, 0, 1},
                        false,
                        0,
                        0));
    }

    /// The whole way to the edge's decision.
    ScriptedConnector register(RegisterConnection call) throws IOException {
        openControl();
        conversation.register(call);
        readUntil(() -> details != null || error != null || failure != null);
        return this;
    }

    void pushConfiguration(String json) {
        conversation.pushLocalConfiguration(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    void unregister() {
        conversation.unregister();
    }

    /// Bytes on the control stream as they are.
    void control(byte[] bytes) {
        frame(DATA, 0, CONTROL, bytes);
    }

    void endControl() {
        frame(DATA, END_STREAM, CONTROL);
    }

    void reset(int stream, int code) {
        frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    /// `:status 200`, without anything else.
    void answer(int stream, boolean end) {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, STATUS_200);
    }

    void send(int stream, String text, boolean end) {
        frame(
                DATA,
                end ? END_STREAM : 0,
                stream,
                text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /// Sends FIN without a close_notify, and goes on reading.
    void fin() throws IOException {
        tcp.shutdownOutput();
    }

    /// Sends RST.
    void rst() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    void readUntil(BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (!read()) {
                throw new AssertionError("the edge closed; " + this);
            }
        }
    }

    /// Reads, answers PINGs, closes nothing.
    ///
    /// @return milliseconds until the edge closed
    long readToEnd() throws IOException {
        long start = System.nanoTime();
        while (read()) {}
        return (System.nanoTime() - start) / 1_000_000;
    }

    /// @return false at the end
    private boolean read() throws IOException {
        try {
            if (!prefaceRead) {
                prefaceRead = true;
                byte[] preface = in.readNBytes(24);
                if (preface.length < 24) {
                    eof = true;
                    return false;
                }
            }
            int first = in.read();
            if (first < 0) {
                eof = true;
                return false;
            }
            int length = first << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            take(type, flags, stream, in.readNBytes(length));
            return true;
        } catch (SocketException | SSLException | java.io.EOFException e) {
            eof = true;
            return false;
        }
    }

    private void take(int type, int flags, int stream, byte[] payload) {
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    frame(SETTINGS, ACK, 0);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                }
            }
            case HEADERS -> streams.add(stream);
            case RST_STREAM -> resets.add(stream);
            case GOAWAY -> goneAway = true;
            case DATA -> {
                if (stream == CONTROL) {
                    controlBytes += payload.length;
                    controlEnded |= (flags & END_STREAM) != 0;
                    try {
                        conversation.receive(ByteBuffer.wrap(payload));
                    } catch (ProtocolException e) {
                        failure = e.getMessage();
                    }
                }
            }
            default -> {}
        }
    }

    @Override
    public void registered(ConnectionDetails accepted) {
        details = accepted;
    }

    @Override
    public void refused(ConnectionError refusal) {
        error = refusal;
    }

    @Override
    public void localConfigurationAccepted() {
        configurationAccepted = true;
    }

    @Override
    public void unregistered() {
        unregistered = true;
    }

    @Override
    public void failed(String reason) {
        failure = reason;
    }

    @Override
    public String toString() {
        return "streams="
                + streams
                + " resets="
                + resets
                + " details="
                + details
                + " error="
                + error
                + " failure="
                + failure
                + " goneAway="
                + goneAway
                + " eof="
                + eof;
    }

    @Override
    public void close() throws IOException {
        tcp.close();
    }
}
