package dev.culvert.connector.dial;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A name server on loopback (RFC 1035, UDP) that knows what it is told. Thread-safe.
final class TestNameServer implements AutoCloseable {
    private static final int NXDOMAIN = 3;
    private static final int REFUSED = 5;

    private final DatagramSocket socket;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();

    /// A type that is refused, or 0.
    volatile int refusedType;

    /// Questions in the order they came: `NAME TYPE`.
    final List<String> asked = new CopyOnWriteArrayList<>();

    TestNameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().name("name-server").start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void service(String name, String... prioWeightPortHost) {
        records.put(
                name + " 33", Arrays.stream(prioWeightPortHost).map(TestNameServer::srv).toList());
    }

    void addresses(String name, String... addresses) throws IOException {
        List<byte[]> four = new CopyOnWriteArrayList<>();
        List<byte[]> six = new CopyOnWriteArrayList<>();
        for (String each : addresses) {
            byte[] bytes = InetAddress.getByName(each).getAddress();
            (bytes.length == 4 ? four : six).add(bytes);
        }
        records.put(name + " 1", four);
        records.put(name + " 28", six);
    }

    private static byte[] srv(String text) {
        String[] fields = text.split(" ");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        try {
            for (int i = 0; i < 3; i++) {
                data.writeShort(Integer.parseInt(fields[i]));
            }
            for (String label : fields[3].split("\\.")) {
                data.writeByte(label.length());
                data.writeBytes(label);
            }
            data.writeByte(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void serve() {
        byte[] buffer = new byte[1024];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer =
                        answer(ByteBuffer.wrap(buffer.clone(), 0, packet.getLength()).slice());
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        StringBuilder name = new StringBuilder();
        query.position(12);
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort();
        asked.add(name + " " + type);
        List<byte[]> found = records.getOrDefault(name + " " + type, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        data.writeShort(query.getShort(0));
        data.writeShort(0x8580 | (type == refusedType ? REFUSED : known ? 0 : NXDOMAIN));
        data.writeShort(1);
        data.writeShort(found.size());
        data.writeInt(0);
        data.write(query.array(), query.arrayOffset() + 12, query.position() - 12);
        for (byte[] each : found) {
            data.writeShort(0xC00C);
            data.writeShort(type);
            data.writeShort(1);
            data.writeInt(60);
            data.writeShort(each.length);
            data.write(each);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
