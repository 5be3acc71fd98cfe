package dev.culvert.policy;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The conditions of one application, asked for one caller at one moment.
///
/// People differ in what they are asked as: policies that let in without signing in (bypass, service
/// auth) never look at the identity; for the others a condition on people is [Held#UNKNOWN] while nobody
/// has signed in. An identity by a way in that the application does not accept counts as nobody's.
///
/// Each group is looked at once, however often it is named. Confined to one thread.
final class Evaluation {
    private final Map<String, Group> groups;
    private final Application application;
    private final Caller caller;
    private final @Nullable Identity identity;
    private final Map<String, Held> knownGroups = new HashMap<>();
    private final Map<String, Held> knownGroupsOfMachines = new HashMap<>();

    Evaluation(Map<String, Group> groups, Application application, Caller caller) {
        this.groups = groups;
        this.application = application;
        this.caller = caller;
        Identity shown = caller.identity();
        this.identity = shown != null && accepts(shown.loginMethod()) ? shown : null;
    }

    /// Who has signed in, by a way that the application accepts.
    @Nullable Identity identity() {
        return identity;
    }

    Caller caller() {
        return caller;
    }

    /// Whether the caller has proven to be a machine.
    boolean isMachine() {
        return caller.serviceToken() != null || caller.certificate() != null;
    }

    /// Whether a policy applies, its action aside.
    Held holds(Policy policy) {
        boolean people = asksPeople(policy);
        if (policy.action() == Policy.Action.SERVICE_AUTH && !isMachine()) {
            return Held.NO;
        }
        return holds(policy.conditions(), people);
    }

    static boolean asksPeople(Policy policy) {
        return switch (policy.action()) {
            case ALLOW, BLOCK -> true;
            case BYPASS, SERVICE_AUTH -> false;
        };
    }

    Held holds(Conditions conditions, boolean people) {
        Held held = any(conditions.include(), people);
        for (Selector selector : conditions.require()) {
            if (held == Held.NO) {
                return held;
            }
            held = held.and(holds(selector, people));
        }
        if (held == Held.NO) {
            return held;
        }
        return held.and(any(conditions.exclude(), people).not());
    }

    private Held any(List<Selector> selectors, boolean people) {
        Held held = Held.NO;
        for (Selector selector : selectors) {
            held = held.or(holds(selector, people));
            if (held == Held.YES) {
                return held;
            }
        }
        return held;
    }

    Held holds(Selector selector, boolean people) {
        Identity who = people ? identity : null;
        return switch (selector) {
            case Selector.Everyone() -> Held.YES;
            case Selector.InGroup(String name) -> group(name, people);
            case Selector.IpRange range -> Held.of(Network.contains(range, caller.address()));
            case Selector.Country(String code) -> Held.of(code.equals(caller.country()));
            case Selector.ServiceToken(String name) -> Held.of(name.equals(caller.serviceToken()));
            case Selector.AnyServiceToken() -> Held.of(caller.serviceToken() != null);
            case Selector.AnyCertificate() -> Held.of(caller.certificate() != null);
            case Selector.CommonName(String name) ->
                    Held.of(
                            caller.certificate() != null
                                    && caller.certificate().commonName().equals(name));
            case Selector.TimeWindow window -> Held.of(isWithin(window));
            case Selector.Email(String address) ->
                    who == null ? unknown(people) : Held.of(who.email().equals(address));
            case Selector.EmailDomain(String domain) ->
                    who == null ? unknown(people) : Held.of(isOf(who.email(), domain));
            case Selector.LoginMethod(String name) -> {
                if (who == null) {
                    yield people && accepts(name) ? Held.UNKNOWN : Held.NO;
                }
                yield Held.of(who.loginMethod().equals(name));
            }
            case Selector.AuthMethod(String amr) ->
                    who == null ? unknown(people) : Held.of(who.amr().contains(amr));
            case Selector.ProviderGroup(String group) ->
                    who == null ? unknown(people) : Held.of(who.groups().contains(group));
            case Selector.Claim(String name, String value) ->
                    who == null
                            ? unknown(people)
                            : Held.of(who.claims().getOrDefault(name, List.of()).contains(value));
        };
    }

    private static Held unknown(boolean people) {
        return people ? Held.UNKNOWN : Held.NO;
    }

    private Held group(String name, boolean people) {
        Map<String, Held> known = people ? knownGroups : knownGroupsOfMachines;
        Held held = known.get(name);
        if (held == null) {
            Group group = groups.get(name);
            held = group == null ? Held.NO : holds(group.conditions(), people);
            known.put(name, held);
        }
        return held;
    }

    private boolean accepts(String loginMethod) {
        return application.loginMethods().isEmpty()
                || application.loginMethods().contains(loginMethod);
    }

    /// The last `@` counts: what is before it may have others, in quotes.
    private static boolean isOf(String email, String domain) {
        int at = email.lastIndexOf('@');
        return at > 0 && email.length() - at - 1 == domain.length() && email.endsWith(domain);
    }

    /// By the clock on the wall: an hour that is skipped in spring is missing from the window, one that is
    /// repeated in autumn counts twice.
    private boolean isWithin(Selector.TimeWindow window) {
        ZonedDateTime local = caller.now().atZone(window.zone());
        LocalTime time = local.toLocalTime();
        DayOfWeek day = local.getDayOfWeek();
        boolean begun = !time.isBefore(window.from());
        boolean before = time.isBefore(window.to());
        if (window.to().isAfter(window.from())) {
            return begun && before && window.days().contains(day);
        }
        return (begun && window.days().contains(day))
                || (before && window.days().contains(day.minus(1)));
    }
}
