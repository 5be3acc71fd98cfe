package dev.culvert.edge.admin;

import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.state.StateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `access`: rules, what they say of somebody, and what others would change.
final class RulesResource implements Resource {
    private static final Duration BACK = Duration.ofDays(7);
    private static final int MAX_CHANGES = 500;

    private final AccessParts parts;
    private final Administration administration;
    private final PolicyQuestions questions;
    private final Live live;

    RulesResource(AccessParts parts, Administration administration, Live live) {
        this.parts = parts;
        this.administration = administration;
        this.questions = new PolicyQuestions(parts);
        this.live = live;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("access", "rules")) {
            return rules(request);
        }
        if (request.isAt("access", "plan")) {
            return plan(request);
        }
        if (request.isAt("access", "explain")) {
            return explain(request);
        }
        throw request.unknown();
    }

    private Answer rules(AdminRequest request) throws Refusal, StateException {
        if (request.is("POST")) {
            request.fields("document");
            long version = administration.applyRules(request.text("document"), By.CLI);
            return Answer.of(Json.MAPPER.createObjectNode().put("version", version));
        }
        request.allow("GET", "POST");
        RulesInForce rules = parts.rules();
        RulesInForce.Applied applied = rules.applied();
        ObjectNode json = Json.MAPPER.createObjectNode().put("configured", rules.isConfigured());
        if (applied == null || rules.isConfigured()) {
            json.putNull("version").putNull("document").putNull("changedBy").putNull("changedAt");
        } else {
            json.put("version", applied.version())
                    .put("document", applied.document())
                    .put("changedBy", applied.changedBy())
                    .put("changedAt", applied.changedAt().toString());
        }
        AccessJson.put(json, rules.engine().rules());
        return Answer.of(json);
    }

    private Answer plan(AdminRequest request) throws Refusal, StateException {
        request.allow("POST");
        request.fields("document", "back");
        Duration back = request.seconds("back");
        PolicyPlan plan = new PolicyPlan(parts, live);
        return Answer.of(
                AccessJson.of(
                        plan.of(request.text("document"), back == null ? BACK : back),
                        MAX_CHANGES));
    }

    private Answer explain(AdminRequest request) throws Refusal, StateException {
        request.allow("POST");
        request.fields("user", "host", "path", "address", "at");
        return Answer.of(
                AccessJson.of(
                        questions.explain(
                                new PolicyQuestions.Question(
                                        request.text("user"),
                                        request.text("host"),
                                        orEmpty(request.textOrNull("path")),
                                        orEmpty(request.textOrNull("address")),
                                        moment(request.textOrNull("at"))))));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable Instant moment(@Nullable String text) throws Refusal {
        try {
            return text == null || text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Refusal.invalid(
                    "at: "
                            + StateException.quoted(String.valueOf(text))
                            + " (expected: such as 2026-11-29T08:00:00Z)");
        }
    }
}
