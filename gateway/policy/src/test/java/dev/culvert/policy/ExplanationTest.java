package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.policy.Explanation.OfPolicy;
import dev.culvert.policy.Explanation.Part;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final String RULES =
            """
            groups:
              - name: staff
                include: [{email_domain: example.com}, {group: guests}]
              - name: guests
                include: [email: ann@example.org]
                exclude: [country: DE]
            applications:
              - name: wiki
                domains: [wiki.example.com]
                session_duration: 8h
                login_methods: [local]
                policies:
                  - {name: blocked, decision: block, include: [email: bob@example.com]}
                  - name: staff at work
                    decision: allow
                    include: [{group: staff}, {group: guests}]
                    require:
                      - ip: 203.0.113.0/24
                      - time: {days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00", zone: Europe/Berlin}
                  - {name: machines, decision: service_auth, include: [service_token: ci]}
                  - {name: others, decision: allow, include: [everyone: {}]}
            """;

    private final PolicyEngine engine = new PolicyEngine(rules());

    private static AccessRules rules() {
        try {
            return AccessRulesReader.parse("rules", RULES);
        } catch (dev.culvert.config.InvalidConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private Explanation explain(Caller caller) {
        Application wiki = engine.application("wiki");
        assertThat(wiki).isNotNull();
        return engine.explain(wiki, caller);
    }

    private static List<String> parts(Explanation explanation) {
        return explanation.policies().stream()
                .map(asked -> asked.policy().name() + " " + asked.held() + " " + asked.part())
                .toList();
    }

    @Test
    void unfoldsGroupsOnceAndMarksThePolicyThatDecides() {
        Caller ann = Samples.caller(Samples.person("ann@example.org", "local"), null);

        assertThat(explain(ann).text())
                .isEqualTo(
                        """
                        wiki: allow, by policy "staff at work", for 8h

                        no       service_auth  machines
                                   the caller shows neither a service token nor a certificate
                                   no       include  service_token: ci
                        no       block  blocked
                                   no       include  email: bob@example.com
                        yes      allow  staff at work  <- decides
                                   yes      include  group: staff
                                     no       include  email_domain: example.com
                                     yes      include  group: guests
                                       yes      include  email: ann@example.org
                                       no       exclude  country: DE
                                   yes      include  group: guests  (above)
                                   yes      require  ip: 203.0.113.0/24
                                   yes      require  time: mon tue wed thu fri, 08:00 to 18:00 Europe/Berlin
                        yes      allow  others  (not asked any more)
                                   yes      include  everyone\
                        """);
    }

    @Test
    void saysWhichPolicyAsksToSignIn() {
        Explanation explanation = explain(Samples.nobody());

        assertThat(explanation.decision()).isInstanceOf(Decision.SignIn.class);
        assertThat(parts(explanation))
                .containsExactly(
                        "machines NO PASSES",
                        "blocked UNKNOWN PASSES",
                        "staff at work UNKNOWN DECIDES",
                        "others YES UNASKED");
        assertThat(explanation.text())
                .startsWith("wiki: asked to sign in, by policy \"staff at work\"\n")
                .contains("unknown  block  blocked\n           will be asked again of whoever");
    }

    @Test
    void saysWhyAMachineIsNotAskedToSignIn() {
        Explanation explanation = explain(Samples.caller(null, "other"));

        assertThat(explanation.decision()).isEqualTo(new Decision.Deny(null));
        assertThat(explanation.deciding()).isNull();
        assertThat(explanation.text())
                .startsWith("wiki: deny, no policy lets the caller in\n")
                .contains("nobody has signed in, and machines are not asked to");
    }

    @Test
    void saysThatAWayInDoesNotCount() {
        Explanation explanation =
                explain(Samples.caller(Samples.person("ann@example.org", "pin"), null));

        assertThat(explanation.note())
                .isEqualTo("signed in by pin, and the application accepts only local");
        assertThat(explanation.decision()).isInstanceOf(Decision.SignIn.class);
    }

    @Test
    void namesThePolicyThatBlocksOrBypasses() {
        Explanation blocked =
                explain(Samples.caller(Samples.person("bob@example.com", "local"), null));
        assertThat(blocked.text()).startsWith("wiki: deny, by policy \"blocked\"\n");
        assertThat(blocked.policies())
                .filteredOn(asked -> asked.part() == Part.DECIDES)
                .extracting(OfPolicy::policy)
                .containsExactly(blocked.deciding());

        Policy bypass = Samples.policy(Policy.Action.BYPASS, new Selector.Everyone());
        Application open = Samples.application("open", List.of("open.example.com"), bypass);
        assertThat(Samples.engine(open).explain(open, Samples.nobody()).text())
                .startsWith("open: allow unasked, by policy \"bypass\"\n");
    }

    /// Each group names the next one twice: unfolded without a memory it would be 65,536 lines.
    @Test
    void groupsThatMeetAgainAreUnfoldedOnce() {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < GroupNesting.MAX_DEPTH - 1; i++) {
            Selector next = new Selector.InGroup("g" + (i + 1));
            groups.add(new Group("g" + i, Samples.include(next, next)));
        }
        groups.add(
                new Group(
                        "g" + (GroupNesting.MAX_DEPTH - 1),
                        Samples.include(
                                new Selector.IpRange(InetAddress.ofLiteral("192.0.2.0"), 24))));
        Policy policy = Samples.policy(Policy.Action.ALLOW, new Selector.InGroup("g0"));
        Application deep = Samples.application("deep", List.of("deep.example.com"), policy);

        Explanation explanation =
                new PolicyEngine(new AccessRules(groups, List.of(deep)))
                        .explain(deep, Samples.nobody());

        assertThat(explanation.text().lines()).hasSizeLessThan(40);
    }
}
