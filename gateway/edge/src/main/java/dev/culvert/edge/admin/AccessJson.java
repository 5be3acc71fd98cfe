package dev.culvert.edge.admin;

import dev.culvert.edge.identity.ServiceToken;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.User;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.Application;
import dev.culvert.policy.Conditions;
import dev.culvert.policy.Decision;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Explanation.OfConditions;
import dev.culvert.policy.Explanation.OfPolicy;
import dev.culvert.policy.Explanation.OfSelector;
import dev.culvert.policy.Policy;
import dev.culvert.policy.Rehearsal;
import dev.culvert.policy.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who may come in, as the admin endpoint's JSON. Stateless.
final class AccessJson {
    private AccessJson() {}

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    /// @param streams that are open now
    static ObjectNode of(Session session, long streams) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", session.id().toString())
                .put("kind", session.kind().word())
                .put("email", session.identity().email())
                .put("name", session.identity().name())
                .put("loginMethod", session.identity().loginMethod())
                .put("address", session.address())
                .put("agent", session.agent())
                .put("createdAt", text(session.createdAt()))
                .put("lastSeenAt", text(session.lastSeenAt()))
                .put("expiresAt", text(session.expiresAt()))
                .put("streams", streams);
    }

    static ObjectNode of(ServiceToken token) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", token.id())
                .put("name", token.name())
                .put("createdAt", text(token.createdAt()))
                .put("expiresAt", text(token.expiresAt()))
                .put("lastUsedAt", text(token.lastUsedAt()))
                .put("previousUntil", text(token.previousUntil()));
    }

    static String standing(User user) {
        return !user.isEnabled() ? "disabled" : user.hasPassword() ? "active" : "invited";
    }

    static ObjectNode of(User user) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", user.id().toString())
                .put("email", user.email())
                .put("name", user.name())
                .put("admin", user.isAdmin())
                .put("standing", standing(user))
                .put("password", user.hasPassword())
                .put("totp", user.hasTotp())
                .put("createdAt", text(user.createdAt()))
                .put("disabledAt", text(user.disabledAt()));
    }

    static ObjectNode of(Administration.Invited invited) {
        return of(invited.user())
                .put("link", invited.link())
                .put("linkExpiresAt", text(invited.expiresAt()));
    }

    // ---- rules

    static void put(ObjectNode json, AccessRules rules) {
        ArrayNode groups = json.putArray("groups");
        rules.groups()
                .forEach(group ->
                        put(groups.addObject().put("name", group.name()), group.conditions()));
        ArrayNode applications = json.putArray("applications");
        rules.applications().forEach(application -> put(applications.addObject(), application));
    }

    private static void put(ObjectNode json, Application application) {
        json.put("name", application.name())
                .put("aud", application.aud())
                .put("kind", word(application.kind()))
                .put("sessionSeconds", application.session().toSeconds());
        ArrayNode domains = json.putArray("domains");
        application.places().forEach(place -> domains.add(place.shown()));
        ArrayNode methods = json.putArray("loginMethods");
        application.loginMethods().forEach(methods::add);
        ArrayNode policies = json.putArray("policies");
        application.policies().forEach(policy -> put(policies.addObject(), policy));
    }

    private static void put(ObjectNode json, Policy policy) {
        json.put("name", policy.name()).put("decision", word(policy.action()));
        if (policy.session() != null) {
            json.put("sessionSeconds", policy.session().toSeconds());
        }
        put(json, policy.conditions());
    }

    private static void put(ObjectNode json, Conditions conditions) {
        put(json, "include", conditions.include());
        put(json, "require", conditions.require());
        put(json, "exclude", conditions.exclude());
    }

    private static void put(ObjectNode json, String name, List<Selector> selectors) {
        ArrayNode list = json.putArray(name);
        selectors.forEach(selector -> list.add(selector.shown()));
    }

    // ---- explanation and plan

    static ObjectNode of(PolicyQuestions.Explained explained) {
        ObjectNode json =
                Json.MAPPER
                        .createObjectNode()
                        .put("allowed", explained.allowed())
                        .put("headline", explained.headline());
        Explanation explanation = explained.explanation();
        if (explanation == null) {
            json.putNull("application").putNull("decision").putNull("policy");
        } else {
            Policy deciding = explanation.deciding();
            json.put("application", explanation.application().name())
                    .put("decision", word(explanation.decision()))
                    .put("policy", deciding == null ? null : deciding.name());
            ArrayNode policies = json.putArray("policies");
            explanation.policies().forEach(policy -> put(policies.addObject(), policy));
        }
        json.put("text", explained.text());
        explained.assumed().forEach(json.putArray("assumed")::add);
        return json;
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow -> "allow";
            case Decision.Bypass bypass -> "bypass";
            case Decision.SignIn signIn -> "sign_in";
            case Decision.Deny deny -> "deny";
        };
    }

    private static void put(ObjectNode json, OfPolicy asked) {
        json.put("name", asked.policy().name())
                .put("decision", word(asked.policy().action()))
                .put("held", word(asked.held()))
                .put("part", word(asked.part()))
                .put("why", asked.why());
        put(json, asked.conditions());
    }

    private static void put(ObjectNode json, OfConditions conditions) {
        ofSelectors(json, "include", conditions.include());
        ofSelectors(json, "require", conditions.require());
        ofSelectors(json, "exclude", conditions.exclude());
    }

    private static void ofSelectors(ObjectNode json, String name, List<OfSelector> selectors) {
        ArrayNode list = json.putArray(name);
        for (OfSelector one : selectors) {
            ObjectNode selector =
                    list.addObject()
                            .put("selector", one.selector().shown())
                            .put("held", word(one.held()));
            if (one.inside() != null) {
                put(selector.putObject("inside"), one.inside());
            }
        }
    }

    /// @param limit at most so many changes
    static ObjectNode of(PolicyPlan.Planned planned, int limit) {
        Rehearsal rehearsal = planned.rehearsal();
        ObjectNode json = Json.MAPPER.createObjectNode().put("asked", rehearsal.asked());
        for (Rehearsal.Direction direction : Rehearsal.Direction.values()) {
            json.put(word(direction), rehearsal.count(direction));
        }
        ArrayNode changes = json.putArray("changes");
        rehearsal.changes().stream()
                .limit(limit)
                .forEach(change -> put(changes.addObject(), change));
        json.put("text", text(rehearsal, limit));
        planned.assumed().forEach(json.putArray("assumed")::add);
        return json;
    }

    private static String text(Rehearsal rehearsal, int limit) {
        int all = rehearsal.changes().size();
        return all <= limit
                ? rehearsal.text()
                : new Rehearsal(rehearsal.asked(), rehearsal.changes().subList(0, limit)).text()
                        + "\n\nand "
                        + (all - limit)
                        + " more";
    }

    private static void put(ObjectNode json, Rehearsal.Change change) {
        json.put("who", change.who())
                .put("host", change.host())
                .put("direction", word(change.direction()))
                .put("count", change.count())
                .put("live", change.live());
        put(json.putObject("before"), change.before());
        put(json.putObject("after"), change.after());
    }

    private static void put(ObjectNode json, Rehearsal.Verdict verdict) {
        json.put("outcome", word(verdict.outcome()))
                .put("application", verdict.application())
                .put("policy", verdict.policy());
    }
}
