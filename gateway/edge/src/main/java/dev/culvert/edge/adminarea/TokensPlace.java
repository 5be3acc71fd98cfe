package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.identity.ServiceToken;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.pages.AdminTokensPage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.web.Form;
import dev.culvert.policy.Application;
import dev.culvert.policy.Selector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Service tokens. Secrets are shown once, in the answer to the form that made them. Thread-safe.
final class TokensPlace implements Place {
    private static final int MAX_DAYS = 3650;
    private static final int MAX_HOURS = 24 * 30;

    private final AccessParts parts;
    private final Administration administration;

    TokensPlace(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        show(visit, status, null, notice);
    }

    private void show(
            Visit visit, int status, AdminTokensPage.@Nullable Fresh fresh, @Nullable Notice notice)
            throws IOException {
        List<AdminTokensPage.Token> tokens =
                parts.serviceTokens().list().stream().map(this::shown).toList();
        visit.exchange().show(status, new AdminTokensPage(visit.viewer(), tokens, fresh, notice));
    }

    private AdminTokensPage.Token shown(ServiceToken token) {
        return new AdminTokensPage.Token(
                token.id(),
                token.name(),
                token.createdAt(),
                token.expiresAt(),
                token.lastUsedAt(),
                !parts.serviceTokens().isValid(token.id()),
                token.previousUntil());
    }

    @Override
    public boolean change(Visit visit, String action) throws IOException, StateException {
        Form form = visit.form();
        switch (action) {
            case "create" -> {
                long days = number(form, "days", MAX_DAYS);
                fresh(
                        visit,
                        administration.createToken(
                                form.text("name"),
                                days == 0 ? null : Duration.ofDays(days),
                                visit.by()));
            }
            case "rotate" ->
                    fresh(
                            visit,
                            administration.rotateToken(
                                    form.text("id"),
                                    Duration.ofHours(number(form, "hours", MAX_HOURS)),
                                    null,
                                    visit.by()));
            case "revoke" -> {
                ServiceToken token = administration.revokeToken(form.text("id"), visit.by());
                show(visit, 200, Notice.good(token.name() + " is revoked."));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static long number(Form form, String name, int most) throws StateException {
        String text = form.text(name).strip();
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) > most) {
            throw new StateException(
                    Code.INVALID,
                    name + " " + StateException.quoted(text) + " (expected: 0 to " + most + ")",
                    "correct it");
        }
        return Integer.parseInt(text);
    }

    private void fresh(Visit visit, ServiceTokens.Made made) throws IOException {
        ServiceToken token = made.token();
        show(
                visit,
                200,
                new AdminTokensPage.Fresh(
                        token.name(), token.id(), made.secret(), example(visit, made)),
                null);
    }

    /// For the first application whose policies name the token; null when none does.
    private @Nullable String example(Visit visit, ServiceTokens.Made made) {
        var rules = parts.rules().engine().rules();
        Selector wanted = new Selector.ServiceToken(made.token().name());
        return rules.applications().stream()
                .filter(application ->
                        rules.selectorsOf(application)
                                .anyMatch(selector ->
                                        selector.equals(wanted)
                                                || selector instanceof Selector.AnyServiceToken))
                .map(application -> application.places().getFirst())
                .filter(place -> !place.host().startsWith("*."))
                .findFirst()
                .map(place -> curl(visit, place, made))
                .orElse(null);
    }

    private static String curl(Visit visit, Application.Place place, ServiceTokens.Made made) {
        return "curl -H 'CF-Access-Client-Id: "
                + made.token().id()
                + "' -H 'CF-Access-Client-Secret: "
                + made.secret()
                + "' https://"
                + visit.exchange().onThisPort(place.host())
                + place.path();
    }
}
