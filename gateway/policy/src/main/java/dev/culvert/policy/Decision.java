package dev.culvert.policy;

import org.jspecify.annotations.Nullable;

/// What the policies of an application say of a caller.
public sealed interface Decision {
    /// May come in: a person with an identity, or a machine by a service-auth policy.
    record Allow(Policy policy) implements Decision {}

    /// May come in, unasked.
    record Bypass(Policy policy) implements Decision {}

    /// Not known who it is, and an allow policy could let a person in.
    record SignIn() implements Decision {}

    /// Stays out.
    ///
    /// @param policy the block policy that matched, null when none let the caller in
    record Deny(@Nullable Policy policy) implements Decision {}

    /// The policy that lets in, null when none does.
    default @Nullable Policy admitting() {
        return switch (this) {
            case Allow(Policy policy) -> policy;
            case Bypass(Policy policy) -> policy;
            case SignIn() -> null;
            case Deny deny -> null;
        };
    }
}
