package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.util.ArrayList;
import java.util.List;

/// A place in the answer to a question.
///
/// @param path pointer fields to go through from the answer's content, outermost first; empty for
///     the content itself
public record PromisedAnswer(int questionId, List<Integer> path) {
    private static final int MAX_OPS = 16;
    private static final int NOOP = 0;
    private static final int GET_POINTER_FIELD = 1;

    public PromisedAnswer {
        path = List.copyOf(path);
    }

    static PromisedAnswer decode(Fields fields) throws ProtocolException {
        List<Integer> path = new ArrayList<>();
        for (Struct op : fields.structs(0, MAX_OPS)) {
            switch (op.fields().u16(0)) {
                case NOOP -> {}
                case GET_POINTER_FIELD -> path.add(op.fields().u16(2));
                default ->
                        throw ProtocolException.of(
                                "transform", op.fields().u16(0), "0 noop or 1 getPointerField");
            }
        }
        return new PromisedAnswer(fields.i32(0), path);
    }

    Struct encode() {
        List<Struct> ops = new ArrayList<>(path.size());
        for (int field : path) {
            ops.add(new StructBuilder(1, 0).u16(0, GET_POINTER_FIELD).u16(2, field).build());
        }
        StructBuilder promised = new StructBuilder(1, 1).i32(0, questionId);
        return (ops.isEmpty() ? promised : promised.structs(0, 1, 0, ops)).build();
    }
}
