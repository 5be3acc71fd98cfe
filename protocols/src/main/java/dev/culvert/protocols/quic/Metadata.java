package dev.culvert.protocols.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.stream.HeaderList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The list of key and value pairs in both heads: Cap'n Proto structs 0/2, key Text ptr0, val Text ptr1.
///
/// A character is a byte (ISO 8859-1), as in header fields: what an origin sends need not be UTF-8.
/// Stateless.
final class Metadata {
    /// Of a whole head.
    static final MessageLimits LIMITS = new MessageLimits(512 * 1024, 64, 16);

    static final int MAX_PAIRS = 1024;
    private static final int MAX_KEY = 1024;
    private static final int MAX_VALUE = 64 * 1024;

    private Metadata() {}

    static HeaderList decode(Fields head, int pointer) throws ProtocolException {
        List<Struct> pairs = head.structs(pointer, MAX_PAIRS);
        HeaderList list = new HeaderList(pairs.size());
        for (Struct pair : pairs) {
            Fields fields = pair.fields();
            list.add(text(fields, 0, MAX_KEY), text(fields, 1, MAX_VALUE));
        }
        return list;
    }

    static List<Struct> encode(HeaderList list) {
        List<Struct> pairs = new ArrayList<>(list.size());
        list.forEach((key, value) -> pairs.add(pair(key, value)));
        return pairs;
    }

    private static Struct pair(String key, String value) {
        return new StructBuilder(0, 2).data(0, bytes(key)).data(1, bytes(value)).build();
    }

    /// A Text's bytes, the final NUL included.
    static byte[] bytes(String text) {
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(latin, latin.length + 1);
    }

    static String text(Fields fields, int pointer, int maxBytes) throws ProtocolException {
        byte[] bytes = fields.data(pointer, maxBytes + 1);
        if (bytes.length == 0) {
            return "";
        }
        if (bytes[bytes.length - 1] != 0) {
            throw ProtocolException.of(
                    "text", bytes.length + " bytes without a NUL", "a final NUL");
        }
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
    }
}
