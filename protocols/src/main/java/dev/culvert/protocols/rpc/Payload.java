package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import java.util.ArrayList;
import java.util.List;

/// Parameters or results of a call.
///
/// @param content a struct of the method's schema, or a capability for the answer to a bootstrap
/// @param caps what the capability pointers inside `content` are indices of
public record Payload(Value content, List<CapDescriptor> caps) {
    private static final int MAX_CAPS = 64;

    public Payload {
        caps = List.copyOf(caps);
    }

    public static Payload of(Struct content) {
        return new Payload(content, List.of());
    }

    /// The content as a struct; a null pointer is the struct of defaults.
    public Fields fields() throws ProtocolException {
        return switch (content) {
            case Struct s -> s.fields();
            case Value.Null _ -> Struct.EMPTY.fields();
            case Value other -> throw ProtocolException.of("payload", other, "a struct");
        };
    }

    static Payload decode(Fields fields) throws ProtocolException {
        List<CapDescriptor> caps = new ArrayList<>();
        for (Struct cap : fields.structs(1, MAX_CAPS)) {
            caps.add(CapDescriptor.decode(cap.fields()));
        }
        return new Payload(fields.pointer(0), caps);
    }

    Struct encode() {
        StructBuilder payload = new StructBuilder(0, 2).pointer(0, content);
        if (!caps.isEmpty()) {
            payload.structs(1, 1, 1, caps.stream().map(CapDescriptor::encode).toList());
        }
        return payload.build();
    }
}
