package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What is refused is refused with a reason and a next step.
final class Refusals {
    private Refusals() {}

    static StateException refused(Code code, ThrowingCallable call) {
        StateException refusal = catchThrowableOfType(StateException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.next()).isNotBlank();
        return refusal;
    }
}
