package dev.culvert.edge.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.config.InvalidConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileTest {
    @TempDir Path directory;

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("config.yml"), text);
    }

    private RuleFile read(String text) throws Exception {
        return RuleFile.read(write(text));
    }

    private List<String> problems(String text) throws Exception {
        Path file = write(text);
        return catchThrowableOfType(InvalidConfigException.class, () -> RuleFile.read(file))
                .problems()
                .stream()
                .map(problem -> problem.toString().replace(file.toString(), "f"))
                .toList();
    }

    @Test
    void takesTheRulesOfAConnectorsFileInConnectorsForm() throws Exception {
        RuleFile read =
                read(
                        """
                        tunnel: 1b4e28ba-2fa1-11d2-883f-0016d3cca427
                        credentials-file: /etc/cloudflared/x.json
                        originRequest: {connectTimeout: 1m30s, tcpKeepAlive: 0s}
                        warp-routing: {enabled: true, connectTimeout: 5s, maxActiveFlows: 1000}
                        ingress:
                        - hostname: "*.example.com"
                          path: ^/api
                          service: https://[::1]:8443
                          originRequest:
                            noTLSVerify: true
                            keepAliveTimeout: 90s
                            rdpSecurity: [tls, credssp]
                            ipRules: [{prefix: 10.0.0.0/8, ports: [22], allow: true}]
                            access: {required: true, teamName: t, audTag: [a, b]}
                        - service: http_status:404
                        """);

        assertThat(read.config().toString())
                .isEqualTo(
                        "{\"ingress\":[{\"hostname\":\"*.example.com\",\"path\":\"^/api\","
                                + "\"service\":\"https://[::1]:8443\",\"originRequest\":"
                                + "{\"keepAliveTimeout\":90,\"noTLSVerify\":true,\"rdpSecurity\":[\"tls\",\"credssp\"],\"ipRules\":"
                                + "[{\"prefix\":\"10.0.0.0/8\",\"ports\":[22],\"allow\":true}],\"access\":"
                                + "{\"required\":true,\"teamName\":\"t\",\"audTag\":[\"a\",\"b\"]}}},"
                                + "{\"service\":\"http_status:404\"}],\"originRequest\":"
                                + "{\"connectTimeout\":90,\"tcpKeepAlive\":0},\"warp-routing\":"
                                + "{\"connectTimeout\":5,\"maxActiveFlows\":1000}}");
        assertThat(read.leftOut()).containsExactly("credentials-file", "tunnel");
        assertThat(read.rules()).isEqualTo(2);
    }

    @Test
    void whatItWritesIsReadBackTheSame() throws Exception {
        RuleFile read =
                read(
                        "  {\"ingress\":[{\"service\":\"http_status:404\",\"originRequest\":"
                                + "{\"connectTimeout\":30}}]}");

        assertThat(
                        RuleFile.parse(
                                        "json",
                                        read.config().toString().getBytes(StandardCharsets.UTF_8))
                                .config())
                .isEqualTo(read.config());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app",
                "https://app:8443",
                "http://app?x=1",
                "WS://app",
                "ssh://10.0.0.5",
                "rdp://[fe80::1]:3389",
                "anything://host:1",
                "unix:/run/app.sock",
                "unix+tls:/run/app.sock",
                "http_status:200",
                "hello_world",
                "hello-world",
                "bastion",
                "socks-proxy"
            })
    void takesServicesWhoeverCarriesThem(String service) throws Exception {
        assertThat(read("ingress: [{service: \"" + service + "\"}]").rules()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost:80 | has no scheme and host",
                "app | has no scheme and host",
                "http://app/ | has a path",
                "http:// | has no host",
                "tcp://:22 | has no host",
                "tcp://::1 | an IPv6 address in brackets",
                "tcp://a:0 | port \"0\"",
                "tcp://a:65536 | port \"65536\"",
                "tcp://a: | port \"\"",
                "http_status:99 | http_status:200 to 999",
                "http_status:1000 | http_status:200 to 999",
                "unix:run | unix:/PATH"
            })
    void refusesServicesThatNobodyTakes(String service, String problem) throws Exception {
        assertThat(problems("ingress: [{service: \"" + service + "\"}]"))
                .singleElement()
                .asString()
                .startsWith("f:1:21 ingress[0].service: ")
                .contains(problem);
    }

    @Test
    void namesEverythingWrongAtItsPlace() throws Exception {
        assertThat(
                        problems(
                                """
                                ingress:
                                - service: http://a
                                - hostname: a.example.com:80
                                  path: "("
                                  servise: http://a
                                - hostname: management.argotunnel.com
                                  service: [1]
                                originRequest:
                                  connectTimeout: 1500ms
                                  tlsTimeout: 0s
                                  proxyType: http
                                orginRequest: {}
                                warp-routing: {maxActiveFlows: -1}
                                """))
                .satisfiesExactly(
                        p ->
                                assertThat(p)
                                        .startsWith("f:2:3 ingress[0]: Rule #1 matches everything"),
                        p -> assertThat(p).startsWith("f:3:3 ingress[1]: has no service"),
                        p ->
                                assertThat(p)
                                        .startsWith("f:3:13 ingress[1].hostname:")
                                        .contains("port"),
                        p ->
                                assertThat(p)
                                        .startsWith("f:4:9 ingress[1].path: Rule #2: \"(\" is not"),
                        p ->
                                assertThat(p)
                                        .contains(
                                                "servise: unknown key (did you mean \"service\"?)"),
                        p -> assertThat(p).startsWith("f:6:3 ingress[2]: the last rule must match"),
                        p -> assertThat(p).startsWith("f:6:13 ingress[2].hostname:"),
                        p -> assertThat(p).startsWith("f:7:12 ingress[2].service: is a list"),
                        p ->
                                assertThat(p)
                                        .startsWith(
                                                "f:9:19 originRequest.connectTimeout: has a fraction of"),
                        p -> assertThat(p).startsWith("f:10:15 originRequest.tlsTimeout: 0s"),
                        p -> assertThat(p).startsWith("f:11:14 originRequest.proxyType: \"http\""),
                        p -> assertThat(p).contains("did you mean \"originRequest\"?"),
                        p -> assertThat(p).startsWith("f:13:32 warp-routing.maxActiveFlows:"));
    }

    @Test
    void accessNeedsToSayWhoSigns() throws Exception {
        String rule = "ingress: [{service: \"http://a\", originRequest: {access: {%s}}}]";
        assertThat(problems(rule.formatted("required: true, audTag: [a]")))
                .singleElement()
                .asString()
                .contains("has audTag and no teamName");
        assertThat(
                        read(rule.formatted("required: true, audTag: [a], issuer: \"https://i\""))
                                .config()
                                .toString())
                .contains("\"issuer\":\"https://i\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tunnel: x", "ingress: []", "ingress: x", "a: [", "{\"a\":"})
    void refusesFilesWithoutRules(String text) throws Exception {
        assertThat(problems(text)).isNotEmpty();
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThat(
                        catchThrowableOfType(
                                InvalidConfigException.class,
                                () -> RuleFile.read(directory.resolve("none.yml"))))
                .hasMessageEndingWith("none.yml: no such file");
    }

    @Test
    void inJsonDurationsAreSeconds() throws Exception {
        assertThat(
                        problems(
                                "{\"ingress\":[{\"service\":\"http://a\"}],\n"
                                        + "\"originRequest\":{\"connectTimeout\":\"30s\"}}"))
                .containsExactly(
                        "f:2:35 originRequest.connectTimeout: is text (expected: whole seconds, 1 to"
                                + " 3600)");
    }

    @Test
    void refusesMoreThanAThousandRules() throws Exception {
        assertThat(problems("ingress:\n" + "- service: http://a\n".repeat(1001)))
                .containsExactly("f:2:1 ingress: 1001 rules (expected: at most 1000)");
    }
}
