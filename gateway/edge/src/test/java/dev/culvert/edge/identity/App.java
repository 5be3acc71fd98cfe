package dev.culvert.edge.identity;

import java.time.InstantSource;

/// An authenticator app: knows the secret as it was typed in, and the time.
public final class App {
    private final byte[] secret;
    private final InstantSource clock;

    /// @param base32 the secret
    public App(String base32, InstantSource clock) {
        this.secret = Base32.decode(base32);
        this.clock = clock;
    }

    public String code() {
        return Totp.code(secret, Totp.step(clock.instant()));
    }

    /// Six digits that are no code of these minutes.
    public String wrongCode() {
        int number = 0;
        while (Totp.matchingStep(secret, String.format("%06d", number), clock.instant(), -1)
                .isPresent()) {
            number++;
        }
        return String.format("%06d", number);
    }
}
