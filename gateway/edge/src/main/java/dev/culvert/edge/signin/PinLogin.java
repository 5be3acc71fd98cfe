package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.identity.KnownNetworks;
import dev.culvert.edge.pages.CodePage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.web.Networks;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Signing in with a code that comes by mail. `POST` of the method's own path asks for one, `/code` shows
/// the page for it and takes it, `/resend` asks for another. Thread-safe.
///
/// # What an attacker is up against
///
/// * *Who may sign in?* The answer to an address is the same page, in the same time, whether or not codes
///   are sent to it: that is decided when it is the mail's turn.
/// * *Guessing.* Six digits, five tries, ten minutes, and only in the browser that asked. An address gets
///   five codes, then one each half hour, however many browsers ask: 240 tries a day, a chance of 1 in
///   4000 on a day of 48 mails that nobody asked for.
/// * *Keeping somebody out* by using their codes up. A network from which somebody has signed in with the
///   address has five codes of its own, then one each half hour.
/// * *Filling mailboxes.* The same limit; and a network, an IPv4 address or an IPv6 /64, may ask for 20
///   codes, then for one a minute.
/// * *Reading out.* The mail says what the code is for, and who asked.
public final class PinLogin implements LoginMethod {
    private static final String NOTE = "pin";
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final PinConfig config;
    private final MailQueue mails;
    private final Consumer<AuditEvent> audit;
    private final InstantSource clock;
    private final Allowance codes;
    private final Allowance networks;
    private final KnownNetworks known;

    public PinLogin(
            PinConfig config, MailQueue mails, Consumer<AuditEvent> audit, InstantSource clock) {
        this.config = config;
        this.mails = mails;
        this.audit = audit;
        this.clock = clock;
        this.codes = new Allowance(5, Duration.ofMinutes(30), clock);
        this.networks = new Allowance(20, Duration.ofMinutes(1), clock);
        this.known = new KnownNetworks(clock);
    }

    @Override
    public String name() {
        return "pin";
    }

    @Override
    public String title() {
        return "Get a code by mail";
    }

    @Override
    public Look look() {
        return Look.CODE;
    }

    @Override
    public void handle(SignInExchange exchange) throws IOException {
        switch (exchange.method() + " " + exchange.rest()) {
            case "POST " -> ask(exchange, EmailAddress.normal(exchange.form().text("email")));
            case "POST /resend" -> {
                PinCode before = PinCode.ofNote(exchange.attempt().get(NOTE));
                ask(exchange, before == null ? null : before.address());
            }
            case "POST /code" -> check(exchange, PinCode.ofNote(exchange.attempt().take(NOTE)));
            case "GET /code" -> {
                PinCode sent = PinCode.ofNote(exchange.attempt().get(NOTE));
                if (sent == null) {
                    exchange.redirect(Paths.SIGN_IN);
                } else {
                    exchange.show(200, page(exchange, sent, null));
                }
            }
            default -> exchange.redirect(Paths.SIGN_IN);
        }
    }

    private void ask(SignInExchange exchange, @Nullable String address) throws IOException {
        if (address == null) {
            exchange.showWaysIn(400, "Type a whole e-mail address, such as ann@example.com.");
            return;
        }
        String client = exchange.clientAddress();
        if (!networks.take(Networks.of(client)) || !codes.take(counted(address, client))) {
            exchange.showWaysIn(
                    429,
                    "Too many codes were asked for. Use the last one, sign in another way, or try"
                            + " again in half an hour.");
            return;
        }
        Instant now = clock.instant();
        PinCode code = PinCode.make(address, now);
        exchange.attempt().put(NOTE, code.toNote());
        String site = URI.create(exchange.url("")).getAuthority();
        mails.send(
                PinMail.of(code, site, client, now),
                new Sent(address, client, exchange.requestId()));
        exchange.redirect(exchange.url("/code"));
    }

    /// Whose codes are used: those of the address in a network that it is known in, else those that all
    /// strangers share.
    private String counted(String address, String client) {
        return known.has(address, client) ? KnownNetworks.pair(address, client) : address;
    }

    /// Whoever checks a code has taken it away from other requests of the browser meanwhile, so that many
    /// tries at once are not many more tries.
    private void check(SignInExchange exchange, @Nullable PinCode sent) throws IOException {
        if (sent == null) {
            exchange.showWaysIn(400, "There is no code to check. Ask for one.");
            return;
        }
        if (sent.isExpired(clock.instant())) {
            exchange.showWaysIn(400, "The code is too old. Ask for another.");
            return;
        }
        String typed = exchange.form().text("code").replaceAll("[\\s-]", "");
        if (!CODE.matcher(typed).matches()) {
            again(exchange, sent, "The code has six digits.");
        } else if (sent.matches(typed) && config.allows(sent.address())) {
            codes.clear(counted(sent.address(), exchange.clientAddress()));
            known.add(sent.address(), exchange.clientAddress());
            exchange.signedIn(identity(sent.address()));
        } else {
            wrong(exchange, sent.afterWrong());
        }
    }

    private void wrong(SignInExchange exchange, PinCode sent) throws IOException {
        exchange.failed(sent.address(), "wrong code");
        int left = PinCode.MAX_WRONG - sent.wrong();
        if (left <= 0) {
            exchange.showWaysIn(
                    403, "That was not the code, for the fifth time. Ask for another one.");
            return;
        }
        again(
                exchange,
                sent,
                "That is not the code. "
                        + (left == 1 ? "One more try is" : left + " more tries are")
                        + " left.");
    }

    private void again(SignInExchange exchange, PinCode sent, String message) throws IOException {
        exchange.attempt().put(NOTE, sent.toNote());
        exchange.show(403, page(exchange, sent, message));
    }

    private static CodePage page(SignInExchange exchange, PinCode sent, @Nullable String message) {
        return new CodePage(
                CodePage.Kind.PIN,
                sent.address(),
                exchange.url("/code"),
                exchange.attempt().csrf(),
                message,
                exchange.url("/resend"),
                null,
                Paths.SIGN_IN);
    }

    private static Identity identity(String email) {
        return new Identity(
                "pin:" + email, email, email, "pin", List.of("otp"), List.of(), Map.of());
    }

    /// One mail's fate, for the audit log.
    private final class Sent implements MailQueue.Delivery {
        private final String address;
        private final String client;
        private final String requestId;

        Sent(String address, String client, String requestId) {
            this.address = address;
            this.client = client;
            this.requestId = requestId;
        }

        @Override
        public boolean isWanted() {
            boolean wanted = config.allows(address);
            if (!wanted) {
                record("failed", "no code is sent to this address");
            }
            return wanted;
        }

        @Override
        public void taken() {
            record("code_sent", null);
        }

        @Override
        public void failed(String reason) {
            record("mail_failed", reason);
        }

        private void record(String outcome, @Nullable String reason) {
            AuditEvent.Builder event =
                    AuditEvent.of(AuditEvent.Kind.SIGN_IN, address, outcome)
                            .from(client, null)
                            .request(requestId);
            audit.accept(
                    (reason == null
                                    ? event.detail("method", "pin")
                                    : event.detail("method", "pin", "reason", reason))
                            .build());
        }
    }
}
