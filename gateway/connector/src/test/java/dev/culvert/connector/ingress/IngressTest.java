package dev.culvert.connector.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigProblem;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngressTest {
    private final ProblemList problems = new ProblemList();
    private final List<String> notes = new ArrayList<>();

    private Ingress read(String yaml) {
        ConfigMap root = YamlFile.parse("c.yml", yaml, problems);
        assertThat(root).isNotNull();
        return new IngressReader(PluginCatalog.of(new TestPlugin()), notes::add).read(root);
    }

    private List<String> problems() {
        return problems.problems().stream().map(ConfigProblem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "app.example.com, /, 1",
        "APP.Example.COM:8443, /, 1",
        "app.example.com., /, 1",
        "x.example.com, /, 2",
        "a.b.example.com, /, 2",
        "example.com, /, 5",
        "notexample.com, /, 5",
        "xn--bcher-kva.example, /, 3",
        "bücher.example, /, 3",
        "other.org, /api/v1, 4",
        "other.org, /x/api/, 4",
        "other.org, /%61pi/, 4",
        "other.org, /?q=/api/, 5",
        "other.org, /apiary, 5",
        "other.org, /%zz%a, 5",
        "[::1]:80, /, 5",
        "'', /, 5"
    })
    void theFirstRuleMatchingHostAndPathWins(String host, String path, int rule) {
        Ingress ingress =
                read(
                        """
                        ingress:
                          - {hostname: App.example.com, service: "http://a"}
                          - {hostname: "*.example.com", service: "http://b"}
                          - {hostname: Bücher.example, service: "http://c"}
                          - {path: "/api/", service: "http://d"}
                          - {service: "http_status:404"}
                        """);
        assertThat(problems()).isEmpty();
        assertThat(ingress.match(host, path).number()).isEqualTo(rule);
    }

    @Test
    void neverMatchesTheManagementHost() {
        Ingress ingress = read("ingress: [{service: 'http://a'}]");
        assertThat(ingress.match("management.argotunnel.com", "/")).isNull();
        assertThat(ingress.match("Management.ArgoTunnel.com.:443", "/")).isNull();
        read(
                "ingress: [{hostname: Management.argotunnel.com, service: 'http://a'},{service: 'http://a'}]");
        assertThat(problems()).singleElement().asString().contains("management service");
    }

    @Test
    void mergesOriginRequestFromDefaultTopAndRule() {
        Ingress ingress =
                read(
                        """
                        originRequest: {connectTimeout: 5s, httpHostHeader: top, rdpSecurity: [credssp]}
                        ingress:
                          - service: http://a
                            originRequest: {httpHostHeader: rule, noTLSVerify: true}
                        """);
        assertThat(problems()).isEmpty();
        var request = ingress.rules().getFirst().service().originRequest();
        assertThat(request.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(request.httpHostHeader()).isEqualTo("rule");
        assertThat(request.noTLSVerify()).isTrue();
        assertThat(request.rdpSecurity()).containsExactly("credssp");
        assertThat(request.tlsTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void rdpsOwnSecurityIsNoneToAskFor() {
        read("ingress: [{service: 'http://a', originRequest: {rdpSecurity: [tls, rdp]}}]");
        assertThat(problems()).singleElement().asString().contains("rdp").contains("credssp");
    }

    @Test
    void reportsEverythingAtOnce() {
        read(
                """
                ingress:
                  - hostname: "foo.*.com"
                    service: http://a
                  - hostname: app.example.com:80
                    service: http://a
                  - hostname: a.example.com
                    path: "a(b"
                    service: http://a
                  - service: http://a
                  - hostname: b.example.com
                    sevrice: http://a
                  - hostname: c.example.com
                    service: sssh://a
                  - hostname: d.example.com
                    service: http:bad
                    originRequest: {http2Origin: maybe, connectTimeout: 30, caPool: /none.pem}
                """);
        assertThat(problems())
                .satisfiesExactly(
                        p ->
                                assertThat(p)
                                        .startsWith(
                                                "c.yml:2:15 ingress[0].hostname: \"foo.*.com\""),
                        p ->
                                assertThat(p)
                                        .contains("4:15 ingress[1].hostname")
                                        .contains("without a port"),
                        p -> assertThat(p).contains("7:11 ingress[2].path: Rule #3"),
                        p -> assertThat(p).contains("ingress[3]: Rule #4 matches everything"),
                        p -> assertThat(p).contains("ingress[4]: has no service"),
                        p -> assertThat(p).contains("unknown key (did you mean \"service\"?)"),
                        p ->
                                assertThat(p)
                                        .contains("ingress[5].service")
                                        .contains("did you mean ssh?")
                                        .contains("tcp://HOST:PORT"),
                        p ->
                                assertThat(p)
                                        .contains(
                                                "ingress[6]: the last rule must match everything"),
                        p -> assertThat(p).contains("ingress[6].service: is bad"),
                        p -> assertThat(p).contains("http2Origin: is text (expected: true or"),
                        p -> assertThat(p).contains("connectTimeout: \"30\" has no unit"),
                        p -> assertThat(p).contains("caPool: \"/none.pem\" cannot be read"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "10.0.0.1:22", "app.example.com"})
    void saysThatASchemeIsMissing(String service) {
        read("ingress: [{service: '" + service + "'}]");
        assertThat(problems()).singleElement().asString().contains("http://" + service);
    }

    private String service(String yaml) {
        Ingress ingress =
                new IngressReader(PluginCatalog.of(new TestPlugin("t", CHOSEN)), notes::add)
                        .read(YamlFile.parse("c.yml", yaml, problems));
        assertThat(problems()).isEmpty();
        return ingress.rules().getFirst().service().text();
    }

    private static final java.util.Set<String> CHOSEN =
            java.util.Set.of("bastion", "socks-proxy", "ssh", "unix", "http_status", "http");

    @Test
    void bastionModeTakesThePlaceOfAnAddressOnly() {
        String top = "originRequest: {bastionMode: true}\n";
        assertThat(service(top + "ingress: [{service: 'ssh://h'}]")).isEqualTo("bastion");
        assertThat(service(top + "ingress: [{service: 'http://h'}]")).isEqualTo("bastion");
        assertThat(service(top + "ingress: [{service: 'unix:/h'}]")).isEqualTo("unix:/h");
        assertThat(service(top + "ingress: [{service: 'http_status:404'}]"))
                .isEqualTo("http_status:404");
        assertThat(service(top + "ingress: [{service: socks-proxy}]")).isEqualTo("socks-proxy");
        assertThat(
                        service(
                                top
                                        + "ingress: [{service: 'ssh://h', originRequest: {bastionMode: false}}]"))
                .isEqualTo("ssh://h");
    }

    @Test
    void notesSettingsThatDoNotDoWhatSomebodyMayExpect() {
        service("ingress: [{service: socks-proxy}]");
        service("ingress: [{service: 'ssh://h', originRequest: {ipRules: []}}]");
        service("ingress: [{service: 'ssh://h', originRequest: {access: {required: true}}}]");
        service(
                "originRequest: {access: {required: true, teamName: t}}\ningress: [{service: 'ssh://h'}]");
        assertThat(notes)
                .satisfiesExactly(
                        n -> assertThat(n).contains("refuses every destination"),
                        n -> assertThat(n).contains("ipRules has no effect on ssh://h"),
                        n -> assertThat(n).contains("lets nobody in").contains("teamName"),
                        n -> assertThat(n).contains("lets nobody in").contains("audTag"));
    }

    @Test
    void rejectsAnEmptyListAndHasNoRulesWithoutTheKey() {
        read("ingress: []");
        assertThat(problems()).singleElement().asString().contains("has no rules");
        assertThat(Ingress.empty().match("a", "/")).isNull();
    }

    @Test
    void notesRulesThatAreNeverReached() {
        read(
                """
                ingress:
                  - {hostname: "*.example.com", service: "http://a"}
                  - {hostname: "a.example.com", service: "http://b"}
                  - {service: "http://c"}
                """);
        assertThat(problems()).isEmpty();
        assertThat(notes).singleElement().asString().contains("#2 is never reached");
    }

    @Test
    void testsHostileExpressionsInLinearTime() {
        Ingress ingress =
                read(
                        "ingress: [{path: '(a*)*(a*)*$b', service: 'http://a'},{service: 'http://b'}]");
        assertThat(ingress.match("h", "/" + "a".repeat(20_000)).number()).isEqualTo(2);
    }

    @Test
    void servesEverythingByASingleService() {
        Ingress ingress =
                new IngressReader(PluginCatalog.of(new TestPlugin()), notes::add)
                        .single(
                                "http://localhost:80",
                                dev.culvert.plugin.ServiceSpec.OriginRequest.DEFAULT,
                                false,
                                (k, p) -> problems.add("command line", k, p));
        assertThat(ingress.match("any", "/").service().rest()).isEqualTo("localhost:80");
        assertThat(ingress.match("any", "/").settings().speaksSocks()).isFalse();
        Ingress socks =
                new IngressReader(PluginCatalog.of(new TestPlugin()), notes::add)
                        .single(
                                "tcp://localhost:80",
                                dev.culvert.plugin.ServiceSpec.OriginRequest.DEFAULT,
                                true,
                                (k, p) -> problems.add("command line", k, p));
        assertThat(socks.rules().getFirst().settings().speaksSocks()).isTrue();
    }
}
