package dev.culvert.edge.identity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes small databases in MaxMind's format, version 2.0: a binary tree over the bits of IPv6 addresses
/// (IPv4 below `::/96`) with records of 32 bits, the data, and the metadata.
///
/// Source: maxmind.github.io/MaxMind-DB.
public final class CountryFile {
    private static final int NOTHING = -1;

    /// Children of each node: another node, [#NOTHING], or `-2 - offset` of data.
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {NOTHING, NOTHING}));

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /// A database as MaxMind's of countries: an even number of networks and codes in turn.
    public static void write(Path file, String... networksAndCodes) throws IOException {
        CountryFile made = new CountryFile();
        for (int i = 0; i < networksAndCodes.length; i += 2) {
            made.put(
                    networksAndCodes[i],
                    Map.of("country", Map.of("iso_code", networksAndCodes[i + 1])));
        }
        made.write(file, "Test-Country");
    }

    /// @param network such as `192.0.2.0/24`
    public CountryFile put(String network, Object value) {
        String[] parts = network.split("/");
        byte[] written = InetAddress.ofLiteral(parts[0]).getAddress();
        byte[] address = new byte[16];
        System.arraycopy(written, 0, address, 16 - written.length, written.length);
        int length = Integer.parseInt(parts[1]) + (16 - written.length) * 8;
        int offset = data.size();
        data.writeBytes(encoded(value));
        int node = 0;
        for (int bit = 0; bit < length; bit++) {
            int side = address[bit / 8] >> 7 - bit % 8 & 1;
            if (bit == length - 1) {
                nodes.get(node)[side] = -2 - offset;
            } else {
                if (nodes.get(node)[side] < 0) {
                    nodes.get(node)[side] = nodes.size();
                    nodes.add(new int[] {NOTHING, NOTHING});
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    public void write(Path file, String type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            out.writeBytes(ByteBuffer.allocate(8).putInt(at(node[0])).putInt(at(node[1])).array());
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> metadata = new TreeMap<>();
        metadata.put("node_count", nodes.size());
        metadata.put("record_size", (short) 32);
        metadata.put("ip_version", (short) 6);
        metadata.put("database_type", type);
        metadata.put("languages", List.of("en"));
        metadata.put("binary_format_major_version", (short) 2);
        metadata.put("binary_format_minor_version", (short) 0);
        metadata.put("build_epoch", 1_700_000_000L);
        metadata.put("description", Map.of("en", "made by a test"));
        out.writeBytes(encoded(metadata));
        Files.write(file, out.toByteArray());
    }

    private int at(int child) {
        if (child >= 0) {
            return child;
        }
        return child == NOTHING ? nodes.size() : nodes.size() + 16 + (-2 - child);
    }

    private static byte[] encoded(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.write(2 << 5 | bytes.length);
                out.writeBytes(bytes);
            }
            case Short number -> {
                out.write(5 << 5 | 2);
                out.writeBytes(ByteBuffer.allocate(2).putShort(number).array());
            }
            case Integer number -> {
                out.write(6 << 5 | 4);
                out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
            }
            case Long number -> {
                out.write(8);
                out.write(9 - 7);
                out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
            }
            case Map<?, ?> map -> {
                out.write(7 << 5 | map.size());
                map.forEach((key, inner) -> {
                    out.writeBytes(encoded(key));
                    out.writeBytes(encoded(inner));
                });
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                list.forEach(inner -> out.writeBytes(encoded(inner)));
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
        return out.toByteArray();
    }
}
