package dev.culvert.edge.admin;

import dev.culvert.edge.admission.Principal;
import dev.culvert.edge.audit.RecordedAccess;
import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.Application;
import dev.culvert.policy.Application.Place;
import dev.culvert.policy.Caller;
import dev.culvert.policy.PolicyEngine;
import dev.culvert.policy.Rehearsal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What other rules would change, before they are applied. Asked are those whose requests the audit log
/// recorded, as they are known now, and everybody who is signed in, for every application of either rules.
///
/// Confined to one thread. Blocking: virtual threads only.
final class PolicyPlan {
    private static final int MAX_ACCESSES = 20_000;
    private static final int MAX_SESSIONS = 2000;
    private static final int MAX_PLACES = 100;

    private final AccessParts parts;
    private final Live live;
    private final People people;
    private final Instant now = Instant.now();
    private final Set<String> assumed = new LinkedHashSet<>();

    PolicyPlan(AccessParts parts, Live live) {
        this.parts = parts;
        this.live = live;
        this.people = new People(parts);
    }

    /// @param assumed what was taken to be true for want of knowledge
    record Planned(Rehearsal rehearsal, Set<String> assumed) {}

    Planned of(String document, Duration back) throws StateException {
        PolicyEngine before = parts.rules().engine();
        AccessRules rules = parts.rules().read(document);
        PolicyEngine after = new PolicyEngine(rules);
        List<Rehearsal.Asked> asked = new ArrayList<>();
        recorded(before, now.minus(back), asked);
        signedIn(places(before, after), asked);
        return new Planned(Rehearsal.of(before, after, this::isPublic, asked), assumed);
    }

    private boolean isPublic(String host) {
        Route route = parts.state().directory().route(host);
        return route != null && route.isPublic();
    }

    private void recorded(PolicyEngine before, Instant since, List<Rehearsal.Asked> asked)
            throws StateException {
        Map<String, Long> open = open();
        List<RecordedAccess> accesses = parts.audit().accesses(since, MAX_ACCESSES);
        if (accesses.size() == MAX_ACCESSES) {
            assumed.add("what was asked for least is left out: there is too much");
        }
        for (RecordedAccess access : accesses) {
            Caller caller = caller(access);
            if (caller != null) {
                asked.add(
                        new Rehearsal.Asked(
                                access.actor(),
                                access.host(),
                                path(before, access),
                                caller,
                                access.count(),
                                open.getOrDefault(access.actor() + ' ' + access.host(), 0L)));
            }
        }
    }

    /// Open streams by actor and host.
    private Map<String, Long> open() {
        return live.streams().stream()
                .filter(stream -> stream.grant() != null)
                .collect(Collectors.groupingBy(PolicyPlan::key, Collectors.counting()));
    }

    private static String key(OpenStream stream) {
        var grant = stream.grant();
        Principal principal = grant == null ? new Principal.Anyone() : grant.principal();
        return principal.actor() + ' ' + stream.host();
    }

    /// Decisions are recorded without paths: where the application is on that host.
    private static String path(PolicyEngine before, RecordedAccess access) {
        String name = access.application();
        Application application = name == null ? null : before.application(name);
        if (application == null) {
            return "/";
        }
        return application.places().stream()
                .filter(place -> covers(place, access.host()))
                .map(Place::path)
                .findFirst()
                .orElse("/");
    }

    private static boolean covers(Place place, String host) {
        return place.host().startsWith("*")
                ? host.endsWith(place.host().substring(1))
                : host.equals(place.host());
    }

    private @Nullable Caller caller(RecordedAccess access) throws StateException {
        String actor = access.actor();
        People.Known person = actor.contains("@") && !isMachine(actor) ? people.of(actor) : null;
        if (person != null && person.assumed() != null) {
            assumed.add(person.assumed());
        }
        try {
            return new Caller(
                    person == null ? null : person.identity(),
                    actor.startsWith(Principal.MACHINE) ? machine(actor) : null,
                    actor.startsWith(Principal.DEVICE)
                            ? new Caller.ClientCertificate(
                                    actor.substring(Principal.DEVICE.length()), "")
                            : null,
                    PolicyQuestions.address(access.address()),
                    access.country(),
                    now);
        } catch (StateException e) {
            return null;
        }
    }

    private static boolean isMachine(String actor) {
        return actor.startsWith(Principal.MACHINE) || actor.startsWith(Principal.DEVICE);
    }

    /// Null when it was revoked.
    private @Nullable String machine(String actor) {
        String name = actor.substring(Principal.MACHINE.length());
        return parts.serviceTokens().list().stream().anyMatch(t -> t.name().equals(name))
                ? name
                : null;
    }

    /// One of each application.
    private static List<Place> places(PolicyEngine... engines) {
        Set<Place> places = new LinkedHashSet<>();
        for (PolicyEngine engine : engines) {
            engine.rules().applications().stream()
                    .flatMap(application -> application.places().stream().limit(1))
                    .map(place -> place.host().startsWith("*") ? below(place) : place)
                    .forEach(places::add);
        }
        return places.stream().limit(MAX_PLACES).toList();
    }

    /// Some host of a wildcard.
    private static Place below(Place wildcard) {
        return new Place("any" + wildcard.host().substring(1), wildcard.path());
    }

    private void signedIn(List<Place> places, List<Rehearsal.Asked> asked) throws StateException {
        Map<String, Session> newest =
                parts.sessions().living().stream()
                        .limit(MAX_SESSIONS)
                        .collect(
                                Collectors.toMap(
                                        session -> session.identity().email(),
                                        Function.identity(),
                                        (young, old) -> young));
        for (Session session : newest.values()) {
            Caller caller =
                    new Caller(
                            session.identity(),
                            null,
                            null,
                            PolicyQuestions.address(session.address()),
                            null,
                            now);
            for (Place place : places) {
                asked.add(
                        new Rehearsal.Asked(
                                session.identity().email(),
                                place.host(),
                                place.path(),
                                caller,
                                1,
                                0));
            }
        }
    }
}
