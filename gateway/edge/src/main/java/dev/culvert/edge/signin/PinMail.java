package dev.culvert.edge.signin;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The mail with a code. It says where the code belongs and who asked for it, so that somebody who was
/// talked into reading it out can notice. Stateless.
final class PinMail {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private PinMail() {}

    /// @param site where the code is good, such as `auth.example.com`
    /// @param client address of who asked
    static Mail of(PinCode code, String site, String client, Instant now) {
        return new Mail(
                code.address(),
                "Your sign-in code for " + site,
                """
                Your code to sign in at %s is

                    %s

                It is good for %d minutes, once, and only in the browser in which it was asked for.

                Asked for at %s from the address %s.

                Do not forward this mail, and do not tell anybody the code: nobody who has a right to it
                will ask you. If you did not ask for it, somebody else typed your address; without the code
                they cannot sign in, and you have nothing to do.
                """
                        .formatted(
                                site,
                                code.code(),
                                PinCode.LIFE.toMinutes(),
                                TIME.format(now),
                                client));
    }
}
