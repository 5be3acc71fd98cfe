package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// The answer to a [Bootstrap] or a [Call].
///
/// @param releaseParamCaps whether the capabilities in the parameters are released with it; stored
///     XOR its default, true
public record Return(int answerId, boolean releaseParamCaps, Outcome outcome)
        implements RpcMessage {
    static final int TAG = 3;

    /// How the question ended.
    public sealed interface Outcome {}

    public record Results(Payload payload) implements Outcome {}

    public record Failed(RpcError error) implements Outcome {}

    /// The asker sent [Finish] first.
    public record Canceled() implements Outcome {}

    /// resultsSentElsewhere, takeFromOtherQuestion, acceptFromThirdParty: no tunnel asks for them.
    ///
    /// @param otherQuestion for takeFromOtherQuestion
    public record Elsewhere(int tag, int otherQuestion, Value detail) implements Outcome {}

    public Return(int answerId, Outcome outcome) {
        this(answerId, true, outcome);
    }

    static Return decode(Fields fields) throws ProtocolException {
        int tag = fields.u16(6);
        Outcome outcome =
                switch (tag) {
                    case 0 -> new Results(Payload.decode(fields.struct(0)));
                    case 1 -> new Failed(RpcError.decode(fields.struct(0)));
                    case 2 -> new Canceled();
                    case 3, 4, 5 -> new Elsewhere(tag, fields.i32(8), fields.pointer(0));
                    default -> throw ProtocolException.of("kind of return", tag, "0 to 5");
                };
        return new Return(fields.i32(0), !fields.bit(32), outcome);
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        StructBuilder body = new StructBuilder(2, 1).i32(0, answerId).bit(32, !releaseParamCaps);
        switch (outcome) {
            case Results(Payload payload) -> body.pointer(0, payload.encode());
            case Failed(RpcError error) -> body.u16(6, 1).pointer(0, error.encode());
            case Canceled() -> body.u16(6, 2);
            case Elsewhere(int tag, int otherQuestion, Value detail) ->
                    body.u16(6, tag).i32(8, otherQuestion).pointer(0, detail);
        }
        return body.build();
    }
}
