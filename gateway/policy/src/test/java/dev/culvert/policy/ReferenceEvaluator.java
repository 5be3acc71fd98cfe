package dev.culvert.policy;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules of `docs/access.md`, written down as plainly as they are said there, without a thought for
/// speed, and sharing no code with the engine.
///
/// Where it is not known who asks, every condition is put as two questions: *must* it hold, whoever it
/// turns out to be, and *may* it hold, for some person. An exclusion swaps the two.
final class ReferenceEvaluator {
    private final AccessRules rules;
    private final Application application;
    private final Caller caller;
    private final @Nullable Identity identity;

    ReferenceEvaluator(AccessRules rules, Application application, Caller caller) {
        this.rules = rules;
        this.application = application;
        this.caller = caller;
        Identity shown = caller.identity();
        boolean accepted =
                shown != null
                        && (application.loginMethods().isEmpty()
                                || application.loginMethods().contains(shown.loginMethod()));
        this.identity = accepted ? shown : null;
    }

    /// The action and the policy: `ALLOW staff`, `BYPASS all`, `BLOCK bob`, `SIGN_IN`, `NOBODY`.
    String decision() {
        List<Policy> unasked = new ArrayList<>();
        List<Policy> ofPeople = new ArrayList<>();
        for (Policy policy : application.policies()) {
            boolean early =
                    policy.action() == Policy.Action.BYPASS
                            || policy.action() == Policy.Action.SERVICE_AUTH;
            (early ? unasked : ofPeople).add(policy);
        }
        boolean machine = caller.serviceToken() != null || caller.certificate() != null;
        for (Policy policy : unasked) {
            if (policy.action() == Policy.Action.SERVICE_AUTH && !machine) {
                continue;
            }
            if (holds(policy.conditions(), Question.MACHINE)) {
                return policy.action() == Policy.Action.BYPASS
                        ? "BYPASS " + policy.name()
                        : "ALLOW " + policy.name();
            }
        }
        for (Policy policy : ofPeople) {
            boolean must = holds(policy.conditions(), Question.MUST);
            boolean may = holds(policy.conditions(), Question.MAY);
            if (policy.action() == Policy.Action.BLOCK && must) {
                return "BLOCK " + policy.name();
            }
            if (policy.action() == Policy.Action.ALLOW && identity != null && must) {
                return "ALLOW " + policy.name();
            }
            if (policy.action() == Policy.Action.ALLOW
                    && identity == null
                    && may
                    && caller.serviceToken() == null) {
                return "SIGN_IN";
            }
        }
        return "NOBODY";
    }

    private enum Question {
        /// Whether it holds for a caller who is asked nothing: no condition on people does.
        MACHINE,
        MUST,
        MAY;

        Question swapped() {
            return this == MUST ? MAY : this == MAY ? MUST : MACHINE;
        }
    }

    private boolean holds(Conditions conditions, Question question) {
        boolean included =
                conditions.include().stream().anyMatch(selector -> holds(selector, question));
        boolean required =
                conditions.require().stream().allMatch(selector -> holds(selector, question));
        boolean excluded =
                conditions.exclude().stream()
                        .anyMatch(selector -> holds(selector, question.swapped()));
        return included && required && !excluded;
    }

    private boolean holds(Selector selector, Question question) {
        if (selector instanceof Selector.InGroup(String name)) {
            Group group =
                    rules.groups().stream()
                            .filter(one -> one.name().equals(name))
                            .findFirst()
                            .orElseThrow();
            return holds(group.conditions(), question);
        }
        if (isOfPeople(selector)) {
            if (question == Question.MACHINE) {
                return false;
            }
            return identity == null
                    ? question == Question.MAY && isPossible(selector)
                    : holdsFor(selector, identity);
        }
        return holdsForAnyone(selector);
    }

    private static boolean isOfPeople(Selector selector) {
        return selector instanceof Selector.Email
                || selector instanceof Selector.EmailDomain
                || selector instanceof Selector.LoginMethod
                || selector instanceof Selector.AuthMethod
                || selector instanceof Selector.ProviderGroup
                || selector instanceof Selector.Claim;
    }

    private boolean isPossible(Selector selector) {
        return !(selector instanceof Selector.LoginMethod(String name))
                || application.loginMethods().isEmpty()
                || application.loginMethods().contains(name);
    }

    private static boolean holdsFor(Selector selector, Identity who) {
        if (selector instanceof Selector.Email(String address)) {
            return who.email().equals(address);
        } else if (selector instanceof Selector.EmailDomain(String domain)) {
            String[] parts = who.email().split("@", -1);
            return parts.length > 1 && parts[parts.length - 1].equals(domain);
        } else if (selector instanceof Selector.LoginMethod(String name)) {
            return who.loginMethod().equals(name);
        } else if (selector instanceof Selector.AuthMethod(String amr)) {
            return who.amr().contains(amr);
        } else if (selector instanceof Selector.ProviderGroup(String group)) {
            return who.groups().contains(group);
        } else if (selector instanceof Selector.Claim(String name, String value)) {
            return who.claims().containsKey(name) && who.claims().get(name).contains(value);
        }
        throw new AssertionError(selector);
    }

    private boolean holdsForAnyone(Selector selector) {
        if (selector instanceof Selector.Everyone) {
            return true;
        } else if (selector instanceof Selector.IpRange range) {
            return isIn(range);
        } else if (selector instanceof Selector.Country(String code)) {
            return code.equals(caller.country());
        } else if (selector instanceof Selector.ServiceToken(String name)) {
            return name.equals(caller.serviceToken());
        } else if (selector instanceof Selector.AnyServiceToken) {
            return caller.serviceToken() != null;
        } else if (selector instanceof Selector.AnyCertificate) {
            return caller.certificate() != null;
        } else if (selector instanceof Selector.CommonName(String name)) {
            return caller.certificate() != null && caller.certificate().commonName().equals(name);
        } else if (selector instanceof Selector.TimeWindow window) {
            return isIn(window);
        }
        throw new AssertionError(selector);
    }

    /// Between the first and the last address, of the same family.
    private boolean isIn(Selector.IpRange range) {
        byte[] network = range.network().getAddress();
        byte[] asked = caller.address().getAddress();
        BigInteger first = new BigInteger(1, network);
        BigInteger size = BigInteger.TWO.pow(network.length * 8 - range.prefixLength());
        BigInteger address = new BigInteger(1, asked);
        return network.length == asked.length
                && address.compareTo(first) >= 0
                && address.compareTo(first.add(size)) < 0;
    }

    /// Within the window that began today, or the one that began yesterday.
    private boolean isIn(Selector.TimeWindow window) {
        LocalDateTime now = LocalDateTime.ofInstant(caller.now(), window.zone());
        LocalDate today = now.toLocalDate();
        return Stream.of(today, today.minusDays(1))
                .filter(day -> window.days().contains(day.getDayOfWeek()))
                .anyMatch(day -> {
                    LocalDateTime from = day.atTime(window.from());
                    boolean sameDay = window.to().isAfter(window.from());
                    LocalDateTime to = (sameDay ? day : day.plusDays(1)).atTime(window.to());
                    return !now.isBefore(from) && now.isBefore(to);
                });
    }

    /// The application with the most specific place, for a path that can be read in one way only.
    static @Nullable Application find(AccessRules rules, String host, String path) {
        record Found(Application application, String host, String path) {}
        List<Found> found = new ArrayList<>();
        for (Application application : rules.applications()) {
            for (Application.Place place : application.places()) {
                boolean there =
                        place.host().startsWith("*.")
                                ? host.length() > place.host().length() - 1
                                        && host.endsWith(place.host().substring(1))
                                : host.equals(place.host());
                if (there && segments(path).startsWith(segments(place.path()))) {
                    found.add(new Found(application, place.host(), segments(place.path())));
                }
            }
        }
        return found.stream()
                .max(
                        Comparator.comparing((Found one) -> !one.host().startsWith("*."))
                                .thenComparing(one -> one.host().length())
                                .thenComparing(one -> one.path().length()))
                .map(Found::application)
                .orElse(null);
    }

    /// `/a/b/` for `/A/b`, `//a//b/`.
    private static String segments(String path) {
        StringBuilder text = new StringBuilder("/");
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                text.append(segment.toLowerCase(Locale.ROOT)).append('/');
            }
        }
        return text.toString();
    }
}
