package dev.culvert.bench.policy;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.AccessRulesReader;
import dev.culvert.policy.Application;
import dev.culvert.policy.Caller;
import dev.culvert.policy.Decision;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Identity;
import dev.culvert.policy.PolicyEngine;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What each request asks of the policy engine: its application, and whether the caller may come in. Rules
/// of a company: 200 applications, groups in groups, one of them of 200 addresses.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyBenchmark {
    private final PolicyEngine engine = new PolicyEngine(rules());
    private final Application application =
            Objects.requireNonNull(engine.application("app150"), "in the rules");
    private final Caller person =
            new Caller(
                    new Identity(
                            "1",
                            "guest199@example.org",
                            "Guest",
                            "okta",
                            List.of("pwd", "otp"),
                            List.of("dev"),
                            Map.of()),
                    null,
                    null,
                    InetAddress.ofLiteral("10.1.2.3"),
                    "DE",
                    Instant.parse("2026-01-14T09:00:00Z"));
    private final Caller nobody =
            new Caller(null, null, null, person.address(), null, person.now());

    private static AccessRules rules() {
        StringBuilder text = new StringBuilder("groups:\n  - name: guests\n    include:\n");
        for (int i = 0; i < 200; i++) {
            text.append("      - email: guest").append(i).append("@example.org\n");
        }
        text.append(
                """
                  - {name: office, include: [{ip: 192.0.2.0/24}, {ip: 10.0.0.0/8}]}
                  - {name: staff, include: [{email_domain: example.com}, {group: guests}]}
                  - {name: work, include: [{group: staff}], require: [{group: office}]}
                applications:
                """);
        for (int i = 0; i < 200; i++) {
            text.append(
                    """
                      - name: app%1$d
                        domains: [app%1$d.example.com, app%1$d.example.com/x]
                        policies:
                          - {name: ci, decision: service_auth, include: [service_token: ci]}
                          - {name: left, decision: block, include: [email: bob@example.com]}
                          - {name: work, decision: allow, include: [group: work]}
                      - {name: part%1$d, domains: "app%1$d.example.com/part", policies: []}
                    """
                            .formatted(i));
        }
        try {
            return AccessRulesReader.parse("benchmark", text.toString());
        } catch (InvalidConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public @Nullable Application findClear() {
        return engine.find("app150.example.com", "/api/v1/items?page=2");
    }

    @Benchmark
    public @Nullable Application findOdd() {
        return engine.find("app150.example.com", "/files/a%2Fb;v=1/../caf%C3%A9");
    }

    @Benchmark
    public Decision decideForAPerson() {
        return engine.decide(application, person);
    }

    @Benchmark
    public Decision decideForNobody() {
        return engine.decide(application, nobody);
    }

    @Benchmark
    public Explanation explain() {
        return engine.explain(application, person);
    }
}
