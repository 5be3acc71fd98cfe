package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.SshSettings;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesReaderTest {
    private static final Map<String, String> KEYS =
            Map.ofEntries(
                    Map.entry("Email", "email"),
                    Map.entry("EmailDomain", "email_domain"),
                    Map.entry("Everyone", "everyone"),
                    Map.entry("InGroup", "group"),
                    Map.entry("IpRange", "ip"),
                    Map.entry("Country", "country"),
                    Map.entry("ServiceToken", "service_token"),
                    Map.entry("AnyServiceToken", "any_valid_service_token"),
                    Map.entry("AnyCertificate", "certificate"),
                    Map.entry("CommonName", "common_name"),
                    Map.entry("LoginMethod", "login_method"),
                    Map.entry("AuthMethod", "auth_method"),
                    Map.entry("ProviderGroup", "provider_group"),
                    Map.entry("Claim", "oidc"),
                    Map.entry("TimeWindow", "time"));

    private static AccessRules parse(String text) throws InvalidConfigException {
        return AccessRulesReader.parse("r.yml", text);
    }

    private static List<String> problems(String text) {
        try {
            parse(text);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems().stream().map(ConfigProblem::toString).toList();
        }
    }

    private static Selector selector(String text) throws InvalidConfigException {
        AccessRules rules =
                parse(
                        "groups:\n  - {name: g, include: ["
                                + text
                                + "]}\n  - name: h\n"
                                + "    include: [everyone: {}]\n");
        return rules.groups().getFirst().conditions().include().getFirst();
    }

    /// What is wrong with one selector, after its place.
    private static List<String> wrong(String selector) {
        return problems("groups: [{name: g, include: [" + selector + "]}]").stream()
                .map(problem -> problem.substring(problem.indexOf(' ') + 1))
                .toList();
    }

    /// A policy's problems, without their places.
    private static List<String> policy(String policy) {
        return problems(
                        """
                        groups:
                          - {name: staff, include: [email_domain: example.com]}
                          - {name: office, include: [ip: 192.0.2.0/24]}
                          - {name: all, include: [{group: office}, {group: staff}]}
                        applications:
                          - name: a
                            domains: a.example.com
                            policies:
                              - {name: p, %s}
                        """
                                .formatted(policy))
                .stream()
                .map(problem -> problem.substring(problem.indexOf(' ') + 1))
                .toList();
    }

    @Test
    void readsTheExampleOfTheDocumentation() throws Exception {
        AccessRules rules =
                parse(
                        """
                        groups:
                          - name: staff
                            include: [{email_domain: Example.com}, {email: Ann@example.org}]
                        applications:
                          - name: wiki
                            domains: [Wiki.example.com, wiki.example.com/Admin/, "*.BÜCHER.example."]
                            session_duration: 8h
                            login_methods: [local, okta]
                            contact: it@example.com
                            kind: ssh
                            listed: false
                            preflight: true
                            policies:
                              - name: ci
                                decision: service_auth
                                include: [{service_token: ci}]
                              - name: staff at work
                                decision: allow
                                session_duration: 30m
                                include: [{group: staff}]
                                require: [{ip: 10.0.0.0/8}, {time: {days: [mon, fri], from: "08:00", to: 18:00, zone: Europe/Berlin}}]
                                exclude: [{email: bob@example.com}]
                        """);

        assertThat(rules.groups())
                .containsExactly(
                        new Group(
                                "staff",
                                Samples.include(
                                        new Selector.EmailDomain("example.com"),
                                        new Selector.Email("ann@example.org"))));
        Selector hours =
                new Selector.TimeWindow(
                        EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                        LocalTime.of(8, 0),
                        LocalTime.of(18, 0),
                        ZoneId.of("Europe/Berlin"));
        Policy ci =
                new Policy(
                        "ci",
                        Policy.Action.SERVICE_AUTH,
                        Samples.include(new Selector.ServiceToken("ci")),
                        null);
        Policy staff =
                new Policy(
                        "staff at work",
                        Policy.Action.ALLOW,
                        new Conditions(
                                List.of(new Selector.InGroup("staff")),
                                List.of(
                                        new Selector.IpRange(InetAddress.ofLiteral("10.0.0.0"), 8),
                                        hours),
                                List.of(new Selector.Email("bob@example.com"))),
                        Duration.ofMinutes(30));
        assertThat(rules.applications())
                .containsExactly(
                        new Application(
                                "wiki",
                                "2678fef607e125e40f1275de5f45d0ef50522c9d55ef7bb43f29dbcd41676199",
                                List.of(
                                        new Application.Place("wiki.example.com", "/"),
                                        new Application.Place("wiki.example.com", "/Admin"),
                                        new Application.Place("*.xn--bcher-kva.example", "/")),
                                Application.Kind.SSH,
                                Duration.ofHours(8),
                                List.of("local", "okta"),
                                List.of(ci, staff),
                                false,
                                "it@example.com",
                                true,
                                false,
                                SshSettings.DEFAULT,
                                DesktopSettings.DEFAULT));
    }

    @Test
    void theDocumentationsExampleIsReadAndSaysWhatItShows() throws Exception {
        String page = Files.readString(Path.of("../../docs/access.md"));
        int begin = page.indexOf("```yaml") + "```yaml\n".length();
        ProblemList problems = new ProblemList();
        ConfigMap file =
                YamlFile.parse("doc", page.substring(begin, page.indexOf("```", begin)), problems);

        AccessRules rules = AccessRulesReader.read(file.map("access"));

        assertThat(problems.problems()).isEmpty();
        assertThat(rules.applications().getFirst().policies())
                .extracting(Policy::name)
                .containsExactly("ci", "staff at work");
        assertThat(new PolicyEngine(rules).protects("wiki.example.com")).isTrue();
    }

    @Test
    void everySelectorIsDocumented() throws Exception {
        String page = Files.readString(Path.of("../../docs/access.md"));
        for (Class<?> kind : Selector.class.getPermittedSubclasses()) {
            String key = KEYS.get(kind.getSimpleName());
            assertThat(page).as(kind.getSimpleName()).contains("| `" + key + ": ");
        }
    }

    @Test
    void readsJsonAndFillsIn() throws Exception {
        AccessRules rules =
                parse(
                        """
                        {"applications": [
                        \t{"name": "a", "domains": "a.example.com", "policies": []}
                        ]}
                        """);

        Application read = rules.applications().getFirst();
        assertThat(read.session()).isEqualTo(Duration.ofHours(24));
        assertThat(read.kind()).isEqualTo(Application.Kind.WEB);
        assertThat(read.listed()).isTrue();
        assertThat(read.preflight()).isFalse();
        assertThat(read.contact()).isNull();
        assertThat(read.loginMethods()).isEmpty();
        assertThat(read.aud()).matches("[0-9a-f]{64}");
    }

    @Test
    void anAudienceStaysWhileTheNameDoes() throws Exception {
        String text = "applications: [{name: %s, domains: %s.example.com, policies: []}]";
        String first = parse(text.formatted("a", "a")).applications().getFirst().aud();

        assertThat(parse(text.formatted("a", "b")).applications().getFirst().aud())
                .isEqualTo(first);
        assertThat(parse(text.formatted("b", "a")).applications().getFirst().aud())
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    email: Ann@Example.com            | Email[address=ann@example.com]
                    email_domain: Example.com         | EmailDomain[domain=example.com]
                    everyone: {}                      | Everyone[]
                    group: h                          | InGroup[group=h]
                    ip: 192.0.2.7                     | IpRange[network=/192.0.2.7, prefixLength=32]
                    ip: '::ffff:192.0.2.7'            | IpRange[network=/192.0.2.7, prefixLength=32]
                    ip: 0.0.0.0/0                     | IpRange[network=/0.0.0.0, prefixLength=0]
                    ip: '2001:db8::/32'               | IpRange[network=/2001:db8:0:0:0:0:0:0, prefixLength=32]
                    country: de                       | Country[code=DE]
                    service_token: ci                 | ServiceToken[name=ci]
                    any_valid_service_token: {}       | AnyServiceToken[]
                    certificate: {}                   | AnyCertificate[]
                    common_name: laptop 7             | CommonName[name=laptop 7]
                    login_method: okta                | LoginMethod[name=okta]
                    auth_method: mfa                  | AuthMethod[amr=mfa]
                    provider_group: admins            | ProviderGroup[group=admins]
                    oidc: {name: department, value: it} | Claim[name=department, value=it]
                    """)
    void readsEachSelector(String text, String expected) throws Exception {
        assertThat(selector(text)).hasToString(expected);
    }

    @Test
    void aTimeWindowNeedsNotSayEverything() throws Exception {
        Set<DayOfWeek> week = EnumSet.allOf(DayOfWeek.class);
        ZoneId utc = ZoneId.of("UTC");
        LocalTime midnight = LocalTime.MIDNIGHT;

        assertThat(selector("time: {from: '22:30', zone: UTC}"))
                .isEqualTo(new Selector.TimeWindow(week, LocalTime.of(22, 30), midnight, utc));
        assertThat(selector("time: {days: sun, to: '24:00', zone: UTC}"))
                .isEqualTo(
                        new Selector.TimeWindow(
                                EnumSet.of(DayOfWeek.SUNDAY), midnight, midnight, utc));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    emial: x                     | groups[0].include[0].emial: unknown key (did you mean "email"?)
                    geo: DE                      | groups[0].include[0].geo: is written "country: DE" here
                    email: x                     | groups[0].include[0].email: "x" (expected: such as ann@example.com)
                    email: '*@example.com'       | groups[0].include[0].email: "*@example.com" (expected: such as ann@example.com)
                    email_domain: '@example.com' | groups[0].include[0].email_domain: "@example.com" (expected: such as example.com, without @ and *; domains below it do not belong to it)
                    everyone: true               | groups[0].include[0].everyone: is true or false (expected: a mapping of keys to values)
                    everyone:                    | groups[0].include[0].everyone: has no value (expected: {})
                    group: gg                    | groups[0].include[0].group: no group "gg" (did you mean "g"?)
                    ip: 10.0.0.1/8               | groups[0].include[0].ip: "10.0.0.1/8" has bits beyond its prefix length (did you mean "10.0.0.0/8"?)
                    ip: 10.0.0.0/33              | groups[0].include[0].ip: "10.0.0.0/33" (expected: such as 10.0.0.0/8 or 2001:db8::1)
                    ip: 010.0.0.1                | groups[0].include[0].ip: "010.0.0.1" (expected: such as 10.0.0.0/8 or 2001:db8::1)
                    ip: localhost                | groups[0].include[0].ip: "localhost" (expected: such as 10.0.0.0/8 or 2001:db8::1)
                    country: UK                  | groups[0].include[0].country: "UK" (expected: a country of ISO 3166-1, such as DE) (did you mean "GB"?)
                    common_name: 7               | groups[0].include[0].common_name: is a number (expected: text; put it in quotes)
                    service_token: ''            | groups[0].include[0].service_token: is empty (expected: a name)
                    oidc: {name: a}              | groups[0].include[0].oidc: lacks name or value (expected: {name: department, value: it})
                    time: {zone: UTC}            | groups[0].include[0].time: is always (expected: days, from, to)
                    time: {days: mon}            | groups[0].include[0].time.zone: missing (expected: a time zone, such as Europe/Berlin)
                    time: {days: [monday], zone: UTC} | groups[0].include[0].time.days[0]: "monday" (expected: mon, tue, wed, thu, fri, sat, sun) (did you mean "mon"?)
                    time: {days: [], zone: UTC}  | groups[0].include[0].time.days: is empty (expected: such as [mon, tue])
                    time: {from: '8:00', zone: UTC} | groups[0].include[0].time.from: "8:00" (expected: hours and minutes, such as "08:00")
                    time: {days: mon, zone: Europe/Berln} | groups[0].include[0].time.zone: "Europe/Berln" (expected: a time zone, such as Europe/Berlin) (did you mean "Europe/Berlin"?)
                    {}                           | groups[0].include[0]: is empty (expected: such as everyone: {})
                    {email: a@b, ip: 10.0.0.1}   | groups[0].include[0].ip: beside email (expected: one key; each selector is an element of its own)
                    everyone                     | groups[0].include[0]: is text (expected: a mapping of keys to values)
                    """)
    void saysWhatIsWrongWithASelector(String selector, String problem) {
        assertThat(wrong(selector)).containsExactly(problem);
    }

    @Test
    void reportsEveryProblemWithItsPlace() {
        List<String> told =
                problems(
                        """
                        groups:
                          - name: staff
                            include: []
                          - name: staff
                            include: [everyone: {}]
                          - include: [everyone: {}]
                        aplications: []
                        applications:
                          - name: a
                            domain: a.example.com
                            kind: web
                            session_duration: 10
                          - name: a
                            domains: [http://a, "a.b:80", "*.*.a", "10.0.0.1", "a_b.c", a.b/x?y, a.b/x*, a.b/x/../y, a.b/%61, a.b/x;y]
                            session_duration: 1000h
                            aud: abc
                            policies:
                              - name: p
                                decision: alow
                                includes: []
                        """);
        String places =
                " (expected: such as app.example.com, app.example.com/path or *.example.com)";

        assertThat(String.join("\n", told).replace(places, ""))
                .isEqualTo(
                        """
                        r.yml:3:14 groups[0].include: nobody (expected: one or more selectors, such as email_domain: example.com)
                        r.yml:4:11 groups[1].name: there is another group "staff"
                        r.yml:6:5 groups[2].name: missing (expected: the name of the group)
                        r.yml:7:1 aplications: unknown key (did you mean "applications"?)
                        r.yml:9:5 applications[0].domains: missing (expected: such as [app.example.com])
                        r.yml:9:5 applications[0].policies: missing (expected: a list; an empty one lets nobody in)
                        r.yml:10:5 applications[0].domain: unknown key (did you mean "domains"?)
                        r.yml:12:23 applications[0].session_duration: "10" has no unit (expected: a duration such as 10s)
                        r.yml:13:11 applications[1].name: there is another application "a"
                        r.yml:14:15 applications[1].domains[0]: "http://a" is a URL; leave out the scheme
                        r.yml:14:25 applications[1].domains[1]: "a.b:80" has a port; it holds for every port
                        r.yml:14:35 applications[1].domains[2]: "*.*.a" has a wildcard elsewhere than as the first label
                        r.yml:14:44 applications[1].domains[3]: "10.0.0.1" is no host name
                        r.yml:14:56 applications[1].domains[4]: "a_b.c" has the label "a_b"
                        r.yml:14:65 applications[1].domains[5]: "a.b/x?y" has a query; leave it out
                        r.yml:14:74 applications[1].domains[6]: "a.b/x*" has a wildcard in its path; a path holds for all below it
                        r.yml:14:82 applications[1].domains[7]: "a.b/x/../y" has a path that origins read in several ways
                        r.yml:14:94 applications[1].domains[8]: "a.b/%61" has an encoded path; write it decoded
                        r.yml:14:103 applications[1].domains[9]: "a.b/x;y" has a path that origins read in several ways
                        r.yml:15:23 applications[1].session_duration: 1000h (expected: 1m to 744h)
                        r.yml:16:10 applications[1].aud: "abc" (expected: 64 hexadecimal digits, in lower case)
                        r.yml:18:9 applications[1].policies[0].include: nobody (expected: one or more selectors, such as email_domain: example.com)
                        r.yml:19:19 applications[1].policies[0].decision: "alow" (expected: allow, block, bypass, service_auth) (did you mean "allow"?)
                        r.yml:20:9 applications[1].policies[0].includes: unknown key (did you mean "include"?)\
                        """);
    }

    @Test
    void twoApplicationsMayNotHaveTheSamePlaceOrAudience() {
        String aud = "a".repeat(64);
        assertThat(
                        problems(
                                """
                                applications:
                                  - {name: a, aud: %s, domains: [x.example.com/a, X.example.com/A/], policies: []}
                                  - {name: b, aud: %s, domains: ["x.example.com./a", x.example.com], policies: []}
                                """
                                        .formatted(aud, aud)))
                .containsExactly(
                        "r.yml:2:113 applications[0].domains[1]: given twice",
                        "r.yml:3:20 applications[1].aud: is the audience of \"a\" already",
                        "r.yml:3:96 applications[1].domains[0]: belongs to \"a\" already");
    }

    @Test
    void namesTheRingThatAGroupIsIn() {
        assertThat(
                        problems(
                                """
                                groups:
                                  - {name: a, include: [{group: b}, {group: d}]}
                                  - {name: b, include: [everyone: {}], require: [group: c]}
                                  - {name: c, include: [everyone: {}], exclude: [group: a]}
                                  - {name: d, include: [group: d]}
                                """))
                .containsExactly(
                        "r.yml:2:5 groups[0]: the group is in itself: a → b → c → a",
                        "r.yml:5:5 groups[3]: the group is in itself: d → d");
    }

    @Test
    void rejectsGroupsNestedTooDeepAndTooMany() {
        StringBuilder deep =
                new StringBuilder("groups:\n  - {name: g0, include: [everyone: {}]}\n");
        for (int i = 1; i <= GroupNesting.MAX_DEPTH; i++) {
            deep.append("  - {name: g%d, include: [group: g%d]}%n".formatted(i, i - 1));
        }
        assertThat(problems(deep.toString()))
                .containsExactly(
                        "r.yml:18:5 groups[16]: groups within groups (expected: at most 16 levels)");

        String many = "groups:\n" + "  - {name: g%d, include: [group: g%d]}\n".repeat(1001);
        Object[] names = new Object[2002];
        for (int i = 0; i < 1001; i++) {
            names[2 * i] = i;
            names[2 * i + 1] = Math.max(0, i - 1);
        }
        assertThat(problems(many.formatted(names)))
                .contains(
                        "r.yml:1002:5 groups[1000]: one too many (expected: at most 1000 groups)");
    }

    @Test
    void readsNoMoreSelectorsThanABound() {
        String list = "{everyone: {}}, ".repeat(1500);
        String text =
                "groups:\n  - {name: g0, include: &l ["
                        + list
                        + "]}\n"
                        + "  - {name: g%d, include: *l}\n"
                                .repeat(14)
                                .formatted(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);

        assertThat(problems(text))
                .singleElement()
                .asString()
                .endsWith("one too many (expected: at most 20000 selectors)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "decision: bypass, include: [email: a@b]",
                "decision: bypass, include: [group: staff]",
                "decision: bypass, include: [group: all]",
                "decision: bypass, include: [everyone: {}], exclude: [login_method: x]",
                "decision: service_auth, include: [any_valid_service_token: {}], require: [oidc:"
                        + " {name: a, value: b}]",
            })
    void whatIsAskedBeforeSigningInMayNotLookAtPeople(String policy) {
        assertThat(policy(policy)).singleElement().asString().contains("looks at people");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    decision: allow, include: [service_token: ci]           | an allow policy lets in people only
                    decision: allow, include: [everyone: {}], exclude: [everyone: {}] | excludes everyone
                    decision: block, include: [email: a@b], exclude: [email: A@b] | is all that is included
                    decision: allow, include: [everyone: {}], require: [group: staff], exclude: [group: staff] | is required too
                    decision: allow, include: [everyone: {}], require: [{email: a@b}, {email: c@b}] | contradicts another one
                    decision: allow, include: [everyone: {}], require: [{ip: 10.0.0.0/8}, {ip: 192.0.2.0/24}] | contradicts another one
                    """)
    void whatCanNeverHoldIsAProblem(String policy, String problem) {
        assertThat(policy(policy)).singleElement().asString().contains(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "decision: bypass, include: [group: office]",
                "decision: service_auth, include: [certificate: {}], exclude: [country: DE]",
                "decision: allow, include: [everyone: {}], require: [service_token: ci]",
                "decision: allow, include: [{service_token: ci}, {group: staff}]",
                "decision: allow, include: [everyone: {}], require: [{ip: 10.0.0.0/8}, {ip:"
                        + " 10.1.0.0/16}]",
                "decision: allow, include: [everyone: {}], require: [{auth_method: pwd},"
                        + " {auth_method: otp}]",
            })
    void whatMayHoldIsNone(String policy) {
        assertThat(policy(policy)).isEmpty();
    }

    @Test
    void textThatIsNoDocumentIsRefused() {
        assertThatThrownBy(() -> parse("[1]")).isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> parse("{")).isInstanceOf(InvalidConfigException.class);
    }
}
