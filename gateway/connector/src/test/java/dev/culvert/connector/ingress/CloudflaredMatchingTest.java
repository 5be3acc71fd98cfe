package dev.culvert.connector.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ConfigProblem;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cloudflared matches and rejects, row by row, and where this connector differs on purpose.
class CloudflaredMatchingTest {
    private final ProblemList problems = new ProblemList();

    private Ingress read(String yaml) {
        return new IngressReader(PluginCatalog.of(new TestPlugin()), note -> {})
                .read(YamlFile.parse("c.yml", yaml, problems));
    }

    private List<String> problems() {
        return problems.problems().stream().map(ConfigProblem::toString).toList();
    }

    @ParameterizedTest(name = "{0} {1}: {2}{3} {4}")
    @CsvSource({
        // rule's hostname, rule's path, host of the request, path of the request, matches
        "app.example.com, '', app.example.com, /, true",
        "app.example.com, '', app.example.com:8443, /, true",
        "app.example.com, '', xapp.example.com, /, false",
        "app.example.com, '', app.example.com.evil.org, /, false",
        "app.example.com, '', example.com, /, false",
        "'*.example.com', '', a.example.com, /, true",
        "'*.example.com', '', a.b.c.example.com, /, true",
        "'*.example.com', '', a.example.com:443, /, true",
        "'*.example.com', '', example.com, /, false",
        "'*.example.com', '', aexample.com, /, false",
        "'', /api, anything.org, /api, true",
        "'*', /api, anything.org, /api, true",
        "'', /api, '', /api, true",
        // Other letters: as written, and as sent.
        "bücher.example, '', bücher.example, /, true",
        "bücher.example, '', xn--bcher-kva.example, /, true",
        "bücher.example, '', bucher.example, /, false",
        "xn--bcher-kva.example, '', xn--bcher-kva.example, /, true",
        "straße.example, '', xn--strae-oqa.example, /, true",
        "straße.example, '', strasse.example, /, false",
        "ΒΌΛΟΣ.example, '', xn--nxasmq6b.example, /, true",
        "βόλος.example, '', xn--nxasmm1c.example, /, true",
        "日本語.example, '', xn--wgv71a119e.example, /, true",
        // Unanchored, on the decoded path without query.
        "'', /api, h, /v1/api/x, true",
        "'', ^/api, h, /v1/api, false",
        "'', ^/api$, h, /api, true",
        "'', ^/api$, h, /api?x=1, true",
        "'', x=1, h, /api?x=1, false",
        "'', ^/a b$, h, /a%20b, true",
        "'', ^/a/b$, h, /a%2Fb, true",
        "'', ^/a%20b$, h, /a%20b, false",
        "'', '^/a\\+b$', h, /a+b, true",
        "'', ^/é$, h, /%C3%A9, true",
        "'', /API, h, /api, false",
        "'', (?i)/API, h, /api, true",
        "'', '^/(?P<name>[a-z]+)\\.html\\z', h, /page.html, true",
        "'', '\\.(jpg|png|css|js)$', h, /static/site.css, true",
        "'', '^/\\pL+$', h, /%C3%A9, true",
        "'', '[[:digit:]]{2,3}', h, /x12, true",
        "app.example.com, /api, app.example.com, /other, false",
        "app.example.com, /api, other.example.com, /api, false",
        // Here only: case never matters, nor a final dot.
        "app.example.com, '', APP.Example.COM, /, true",
        "APP.Example.com, '', app.example.com, /, true",
        "'*.EXAMPLE.com', '', a.example.COM, /, true",
        "app.example.com, '', app.example.com., /, true",
        // Here only: a wildcard matches as sent, too, and an empty label is none.
        "'*.example.com', '', .example.com, /, false",
        "'*.bücher.example', '', a.bücher.example, /, true",
        "'*.bücher.example', '', a.xn--bcher-kva.example, /, true"
    })
    void matchesAsCloudflaredDoes(
            String hostname, String path, String host, String target, boolean matches) {
        Ingress ingress =
                read(
                        """
                        ingress:
                          - {hostname: '%s', path: '%s', service: 'http://a'}
                          - {service: 'http_status:404'}
                        """
                                .formatted(hostname, path));
        assertThat(problems()).isEmpty();
        assertThat(ingress.match(host, target).number()).isEqualTo(matches ? 1 : 2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|has no rules",
                "[{hostname: a.b, service: 'http://a'}]|the last rule must match everything",
                "[{path: /x, service: 'http://a'}]|the last rule must match everything",
                "[{service: 'http://a'}, {service: 'http://a'}]|Rule #1 matches everything",
                "[{hostname: '*', service: 'http://a'}, {service: 'http://a'}]|Rule #1 matches",
                "[{hostname: 'a.*.b', service: 'http://a'}, {service: 'http://a'}]|a * only as",
                "[{hostname: '*.*.b', service: 'http://a'}, {service: 'http://a'}]|a * only as",
                "[{hostname: '**', service: 'http://a'}, {service: 'http://a'}]|a * only as",
                "[{hostname: 'a.b:80', service: 'http://a'}, {service: 'http://a'}]|without a port",
                "[{service: 'localhost:80'}]|has no scheme",
                "[{service: ''}]|has no service",
                "[{path: 'a(b', hostname: a.b, service: 'http://a'}, {service: 'http://a'}]|Rule #1",
                "[{path: '(?=a)', hostname: a.b, service: 'http://a'}, {service: 'http://a'}]|RE2",
                "[{path: '(a)\\1', hostname: a.b, service: 'http://a'}, {service: 'http://a'}]|RE2",
                "[{service: 'tcp://a', originRequest: {ipRules: [{allow: true}]}}]|has no prefix",
                "[{service: 'tcp://a', originRequest: {ipRules: [{prefix: x}]}}]|such as 10.0.0.0/8",
                "[{service: 'tcp://a', originRequest: {ipRules: [{prefix: 1.2.3.4/8, ports: [0]}]}}]|1 to 65535",
                "[{service: 'tcp://a', originRequest: {ipRules: [{prefix: 1.2.3.4/8, ports: [65536]}]}}]|1 to 65535",
                "[{service: 'tcp://a', originRequest: {access: {required: true, audTag: [a]}}}]|no teamName",
                // Here only.
                "[{hostname: '*foo.org', service: 'http://a'}, {service: 'http://a'}]|a * only as",
                "[{service: 'gopher://a'}]|for any other byte stream write tcp://HOST:PORT",
                "[{service: 'http://a', hostnam: x}]|unknown key",
                "[{service: 'tcp://a', originRequest: {proxyType: http}}]|expected: socks",
                "[{service: 'tcp://a', originRequest: {access: {teamName: 'a.b'}}}]|first label",
                "[{service: 'tcp://a', originRequest: {access: {teamName: a, issuer: 'https://b'}}}]|one of both",
                "[{service: 'tcp://a', originRequest: {access: {issuer: 'http://b'}}}]|https://",
                "[{service: 'tcp://a', originRequest: {access: {certsUrl: 'https://b'}}}]|has no issuer",
                "[{service: 'tcp://a', originRequest: {access: {environment: moon}}}]|expected: , fed",
                "[{service: 'tcp://a', originRequest: {access: {audtag: [a]}}}]|did you mean"
            })
    void rejectsWhatCloudflaredRejectsAndALittleMore(String ingress, String problem) {
        read("ingress: " + ingress);
        assertThat(problems()).anySatisfy(p -> assertThat(p).contains(problem));
    }

    @Test
    void takesWhatCloudflaredTakes() {
        Ingress ingress =
                read(
                        """
                        originRequest: {access: {required: true}}
                        ingress:
                          - {hostname: a.b, service: 'http://a?query'}
                          - {hostname: a.b, service: 'http://b'}
                          - {hostname: A.B, service: 'http://b', originRequest: {access: {required: false, teamName: ''}}}
                          - {service: 'http_status:404'}
                        """);
        assertThat(problems()).isEmpty();
        assertThat(ingress.rules()).hasSize(4);
        assertThat(ingress.rules().getFirst().service().rest()).isEqualTo("a");
    }

    @Test
    void encodesLabelsAsTheStandardsExamplesDo() {
        assertThat(Punycode.encode("bücher")).isEqualTo("bcher-kva");
        assertThat(Punycode.encode("faß")).isEqualTo("fa-hia");
        assertThat(Punycode.encode("他们为什么不说中文")).isEqualTo("ihqwcrb4cv8a8dqg056pqjye");
        assertThat(Punycode.encode("ليهمابتكلموشعربي؟")).isEqualTo("egbpdaj6bu4bxfgehfvwxn");
        assertThat(Punycode.encode("3年b組金八先生")).isEqualTo("3b-ww4c5e180e575a65lsy2b");
        assertThat(Punycode.encode("maji" + "でkoiする5秒前".substring(0)))
                .isEqualTo("majikoi5-783gue6qz075azm5e");
    }
}
