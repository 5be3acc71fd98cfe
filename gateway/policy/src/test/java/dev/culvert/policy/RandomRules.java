package dev.culvert.policy;

import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.SshSettings;
import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Rules, callers and requests at random, of few names, so that they often meet.
final class RandomRules {
    private static final List<String> EMAILS =
            List.of("ann@a.example", "bob@a.example", "eve@b.example", "\"x@a.example\"@b.example");
    private static final List<String> DOMAINS = List.of("a.example", "b.example", "example");
    private static final List<String> METHODS = List.of("local", "pin", "okta");
    private static final List<String> WORDS = List.of("x", "y", "z");
    private static final List<String> COUNTRIES = List.of("DE", "FR");
    private static final List<String> NETWORKS =
            List.of(
                    "0.0.0.0/0",
                    "10.0.0.0/8",
                    "10.1.2.0/23",
                    "10.1.3.7/32",
                    "::/0",
                    "2001:db8::/32",
                    "2001:db8:0:8000::/49",
                    "2001:db8::1/128");
    private static final List<String> ADDRESSES =
            List.of(
                    "10.0.0.1",
                    "10.1.2.255",
                    "10.1.3.7",
                    "10.1.4.0",
                    "192.0.2.1",
                    "::ffff:10.1.3.7",
                    "2001:db8::1",
                    "2001:db8:0:8000::",
                    "2001:db8:0:7fff::",
                    "2001:db9::1");
    private static final List<String> HOSTS =
            List.of(
                    "a.example",
                    "b.a.example",
                    "c.b.a.example",
                    "*.a.example",
                    "*.b.a.example",
                    "*.example");
    private static final List<String> PATHS =
            List.of("/", "/p", "/p/q", "/P/q/r", "/pq", "/q", "/q/p");

    /// Two of them have a summer time, which begins and ends in the instants below.
    private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York");

    private static final List<String> DAYS =
            List.of(
                    "2026-01-14T00:00:00Z",
                    "2026-03-29T00:00:00Z",
                    "2026-10-25T00:00:00Z",
                    "2026-11-01T00:00:00Z");

    private final Random random;

    RandomRules(long seed) {
        this.random = new Random(seed);
    }

    AccessRules rules() {
        int groups = random.nextInt(6);
        List<Group> all = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            all.add(new Group("g" + i, conditions(i)));
        }
        List<Application> applications = new ArrayList<>();
        Set<String> taken = new TreeSet<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            applications.add(application("a" + i, groups, taken));
        }
        return new AccessRules(all, applications);
    }

    private Application application(String name, int groups, Set<String> taken) {
        List<Application.Place> places = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            Application.Place place = new Application.Place(one(HOSTS), one(PATHS));
            if (taken.add(place.host() + place.path().toLowerCase(Locale.ROOT))) {
                places.add(place);
            }
        }
        List<Policy> policies = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            Policy.Action action = one(List.of(Policy.Action.values()));
            policies.add(new Policy("p" + i, action, conditions(groups), null));
        }
        return new Application(
                name,
                "0".repeat(64),
                places,
                Application.Kind.WEB,
                Duration.ofHours(1),
                some(METHODS),
                policies,
                true,
                null,
                false,
                false,
                SshSettings.DEFAULT,
                DesktopSettings.DEFAULT);
    }

    /// @param groups how many there are to name
    private Conditions conditions(int groups) {
        List<Selector> include = selectors(1 + random.nextInt(3), groups);
        return new Conditions(
                include,
                selectors(Math.max(0, random.nextInt(4) - 1), groups),
                selectors(Math.max(0, random.nextInt(4) - 1), groups));
    }

    private List<Selector> selectors(int count, int groups) {
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            selectors.add(selector(groups));
        }
        return selectors;
    }

    private Selector selector(int groups) {
        if (groups > 0 && random.nextInt(4) == 0) {
            return new Selector.InGroup("g" + random.nextInt(groups));
        }
        List<Supplier<Selector>> kinds =
                List.of(
                        () -> new Selector.Email(one(EMAILS)),
                        () -> new Selector.EmailDomain(one(DOMAINS)),
                        Selector.Everyone::new,
                        this::range,
                        () -> new Selector.Country(one(COUNTRIES)),
                        () -> new Selector.ServiceToken(one(WORDS)),
                        Selector.AnyServiceToken::new,
                        Selector.AnyCertificate::new,
                        () -> new Selector.CommonName(one(WORDS)),
                        () -> new Selector.LoginMethod(one(METHODS)),
                        () -> new Selector.AuthMethod(one(WORDS)),
                        () -> new Selector.ProviderGroup(one(WORDS)),
                        () -> new Selector.Claim(one(WORDS), one(WORDS)),
                        this::window);
        return one(kinds).get();
    }

    private Selector range() {
        String[] parts = one(NETWORKS).split("/");
        return new Selector.IpRange(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
    }

    private Selector window() {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (DayOfWeek day : DayOfWeek.values()) {
            if (random.nextBoolean()) {
                days.add(day);
            }
        }
        return new Selector.TimeWindow(days, time(), time(), ZoneId.of(one(ZONES)));
    }

    private LocalTime time() {
        return LocalTime.of(random.nextInt(24), one(List.of(0, 30)));
    }

    Caller caller() {
        Identity identity =
                random.nextBoolean()
                        ? null
                        : new Identity(
                                "id",
                                one(EMAILS),
                                "name",
                                one(METHODS),
                                some(WORDS),
                                some(WORDS),
                                random.nextBoolean() ? Map.of() : Map.of(one(WORDS), some(WORDS)));
        return new Caller(
                identity,
                random.nextInt(3) == 0 ? one(WORDS) : null,
                random.nextInt(3) == 0
                        ? new Caller.ClientCertificate(one(WORDS), "00".repeat(32))
                        : null,
                InetAddress.ofLiteral(one(ADDRESSES)),
                random.nextInt(3) == 0 ? null : one(COUNTRIES),
                Instant.parse(one(DAYS)).plusSeconds(60L * 15 * random.nextInt(4 * 48)));
    }

    String host() {
        return one(HOSTS).replace("*", one(List.of("w", "b", "c.b")));
    }

    String path() {
        String path = one(PATHS) + one(List.of("", "/", "/q", "/r/s", "x"));
        return path.replace("//", "/");
    }

    /// A path with tricks in it.
    String oddPath() {
        StringBuilder path = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            path.append(
                    path.isEmpty()
                            ? "/"
                            : one(List.of("/", "/", "/", "\\", "%2f", "%5C", "//", "%252f")));
            path.append(
                    one(
                            List.of(
                                    "p",
                                    "q",
                                    "P",
                                    "%70",
                                    "%2570",
                                    "..",
                                    ".",
                                    "%2e%2e",
                                    ".%2E",
                                    "..;",
                                    "p;q",
                                    ";",
                                    "p.",
                                    "q%20",
                                    "p%3b",
                                    "..%20",
                                    "",
                                    "p%3f",
                                    "p%23",
                                    "%EF%BC%8E.",
                                    "..;x=/..",
                                    "r")));
        }
        return path.toString();
    }

    <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private List<String> some(List<String> all) {
        return all.stream().filter(_ -> random.nextInt(3) == 0).toList();
    }
}
