package dev.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.edge.signin.MailConfig;
import dev.culvert.edge.signin.OAuth2Config;
import dev.culvert.edge.signin.OAuth2Config.Endpoints;
import dev.culvert.edge.signin.OAuth2Config.Fields;
import dev.culvert.edge.signin.OidcConfig;
import dev.culvert.edge.signin.PinConfig;
import dev.culvert.edge.signin.ProviderConfig.Client;
import dev.culvert.edge.signin.Secret;
import dev.culvert.edge.state.PrivateFiles;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.transport.tls.TlsContexts;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessReaderTest {
    @TempDir Path temp;
    private Path secret;

    @BeforeEach
    void writeSecret() throws Exception {
        secret = temp.resolve("secret");
        PrivateFiles.write(secret, "s3cret\n".getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable AccessConfig read(String yaml, ProblemList problems) {
        ConfigMap file = YamlFile.parse("edge.yml", yaml, problems);
        AccessConfig read = AccessReader.read(file);
        file.finish();
        return read;
    }

    private static AccessConfig read(String yaml) {
        ProblemList problems = new ProblemList();
        AccessConfig read = read(yaml, problems);
        assertThat(problems.problems()).isEmpty();
        return read;
    }

    private static List<String> problems(String yaml) {
        ProblemList problems = new ProblemList();
        read(yaml, problems);
        return problems.problems().stream().map(Object::toString).toList();
    }

    private IdentityConfig identity(String yaml) {
        return read("auth_host: auth.example.com\nidentity:\n" + yaml.indent(2)).identity();
    }

    private static List<String> identityProblems(String yaml) {
        return problems("auth_host: auth.example.com\nidentity:\n" + yaml.indent(2));
    }

    private static final String MAIL =
            "mail: {server: 'localhost:25', from: a@b.test, tls: none}\n";

    @Test
    void anAuthHostAloneHasLocalUsersForADay() {
        AccessConfig read = read("auth_host: auth.example.com");
        assertThat(read)
                .isEqualTo(
                        new AccessConfig(
                                "auth.example.com",
                                null,
                                new IdentityConfig(
                                        true, Duration.ofHours(24), null, null, List.of()),
                                CallerConfig.NONE,
                                Duration.ofDays(90),
                                new RecordingsConfig(null, Duration.ofDays(90)),
                                null,
                                null,
                                null));
        assertThat(read.issuer(443)).isEqualTo("https://auth.example.com");
        assertThat(read.issuer(8443)).isEqualTo("https://auth.example.com:8443");
        assertThat(read("")).isNull();
    }

    @Test
    void theIssuerMayBeAnother() {
        AccessConfig read =
                read(
                        """
                        auth_host: auth.example.com
                        access_issuer: https://team.example.com/
                        """);
        assertThat(read.issuer(8443)).isEqualTo("https://team.example.com");
        assertThat(read.origin(8443)).hasToString("https://auth.example.com:8443");
    }

    @Test
    void readsWhatIsToBeKnownOfCallers() {
        AccessConfig read =
                read(
                        """
                        auth_host: auth.example.com
                        country_database: /etc/country.mmdb
                        client_authorities: [a.pem, b.pem]
                        """);
        assertThat(read.callers())
                .isEqualTo(
                        new CallerConfig(
                                Path.of("/etc/country.mmdb"),
                                List.of(Path.of("a.pem"), Path.of("b.pem"))));
        assertThat(problems("country_database: a.mmdb\nclient_authorities: a.pem\n"))
                .hasSize(2)
                .allMatch(problem -> problem.contains("needs an auth_host"));
    }

    @Test
    void rulesMayNotLookAtWhatIsNotKnown() {
        String rules =
                """
                auth_host: auth.example.com
                access:
                  groups: [{name: abroad, include: [everyone: {}], exclude: [country: DE]}]
                  applications:
                    - name: a
                      domains: a.example.com
                      policies:
                        - {name: p, decision: block, include: [group: abroad]}
                        - {name: q, decision: service_auth, include: [common_name: x]}
                """;

        assertThat(problems(rules))
                .containsExactly(
                        "edge.yml:3:3 access: looks at countries and needs a country_database",
                        "edge.yml:3:3 access: looks at client certificates and needs client_authorities");
        assertThat(problems(rules + "country_database: a\nclient_authorities: [b]\n")).isEmpty();
    }

    @Test
    void rulesMayNotProtectTheAuthHostNorLookAtWaysInThatThereAreNot() {
        String rules =
                """
                auth_host: auth.example.com
                identity: {providers: [{name: corp, type: oidc, issuer: 'https://a.test', client_id: x}]}
                access:
                  groups: [{name: outside, include: [login_method: okta]}]
                  applications:
                    - name: a
                      domains: [a.example.com, AUTH.example.com/x]
                      login_methods: [corp, pin]
                      policies:
                        - {name: p, decision: block, include: [group: outside, login_method: local]}
                """;
        assertThat(problems(rules))
                .containsExactlyInAnyOrder(
                        "edge.yml:4:3 access: application \"a\" is on the auth_host (expected: hosts"
                                + " of services)",
                        "edge.yml:4:3 access: application \"a\" looks at the login method \"pin\""
                                + " (expected: local, corp)",
                        "edge.yml:4:3 access: application \"a\" looks at the login method \"okta\""
                                + " (expected: local, corp)");
    }

    @ParameterizedTest
    @CsvSource({"90d, 90", "1d, 1", "3660d, 3660"})
    void readsHowLongTheAuditLogKeepsEvents(String written, int days) {
        assertThat(read("auth_host: auth.example.com\naudit: {keep: " + written + "}").auditKept())
                .isEqualTo(Duration.ofDays(days));
        assertThat(read("auth_host: auth.example.com\naudit: {}").auditKept())
                .isEqualTo(Duration.ofDays(90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d", "3661d", "2160h", "-1d", "99999d"})
    void refusesOtherTimesToKeepEventsFor(String written) {
        assertThat(problems("auth_host: auth.example.com\naudit: {keep: " + written + "}"))
                .singleElement()
                .asString()
                .contains("audit.keep", written, "(expected: 1d to 3660d, such as 90d)");
    }

    @Test
    void unknownKeysOfTheAuditLogAreErrors() {
        assertThat(problems("auth_host: auth.example.com\naudit: {keeps: 90d}"))
                .singleElement()
                .asString()
                .contains("audit.keeps", "did you mean \"keep\"?");
        assertThat(problems("audit: {keep: 90d}"))
                .singleElement()
                .asString()
                .contains("needs an auth_host");
    }

    @Test
    void readsWhereRecordingsAreAndHowLong() {
        assertThat(
                        read("auth_host: auth.example.com\nrecordings: {directory: /srv/tapes, keep: 30d}")
                                .recordings())
                .isEqualTo(new RecordingsConfig(Path.of("/srv/tapes"), Duration.ofDays(30)));
        assertThat(problems("auth_host: auth.example.com\nrecordings: {directory: '', keep: 2h}"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("recordings.directory", "a path"),
                        second -> assertThat(second).contains("recordings.keep", "2h", "90d"));
        assertThat(problems("auth_host: auth.example.com\nrecordings: {keeps: 90d}"))
                .singleElement()
                .asString()
                .contains("recordings.keeps", "did you mean \"keep\"?");
        assertThat(problems("recordings: {keep: 90d}"))
                .singleElement()
                .asString()
                .contains("needs an auth_host");
    }

    @Test
    void aLoginMethodThatWasProbablyMeantIsNamed() {
        assertThat(
                        problems(
                                """
                                auth_host: auth.example.com
                                access:
                                  applications:
                                    - {name: a, domains: [a.example.com], login_methods: [locale], policies: []}
                                """))
                .containsExactly(
                        "edge.yml:3:3 access: application \"a\" looks at the login method \"locale\""
                                + " (expected: local) (did you mean \"local\"?)");
    }

    @Test
    void readsCodesByMail() throws Exception {
        Path ca = LocalAuthority.open(temp, List.of("example.com")).certificateFile();
        IdentityConfig read =
                identity(
                        """
                        local: false
                        session_duration: 8h
                        pin: {allowed: [Example.com, Ann@Example.org]}
                        mail:
                          server: smtp.example.com:587
                          from: Culvert <culvert@example.com>
                          username: culvert
                          password_file: %s
                          ca_file: %s
                        """
                                .formatted(secret, ca));
        assertThat(read)
                .isEqualTo(
                        new IdentityConfig(
                                false,
                                Duration.ofHours(8),
                                new PinConfig(Set.of("example.com"), Set.of("ann@example.org")),
                                new MailConfig(
                                        "smtp.example.com",
                                        587,
                                        MailConfig.Security.STARTTLS,
                                        "Culvert <culvert@example.com>",
                                        "culvert",
                                        new Secret("s3cret"),
                                        TlsContexts.roots(ca)),
                                List.of()));
        assertThat(read.toString()).doesNotContain("s3cret");
    }

    @Test
    void readsProvidersInTheirOrder() {
        List<?> read =
                identity(
                                """
                                providers:
                                  - {name: okta, type: oidc, issuer: 'https://id.example.com/', client_id: a}
                                  - name: corp
                                    type: oidc
                                    title: Example Corp
                                    issuer: https://login.example.com/v2
                                    client_id: x
                                    client_secret_file: %1$s
                                    scopes: [openid, email]
                                    groups_claim: roles
                                    claims: [department]
                                    require_verified_email: false
                                  - {name: github, type: github, client_id: b, client_secret_file: %1$s}
                                  - name: ghe
                                    type: github
                                    url: https://git.example.com
                                    organizations: true
                                    client_id: c
                                  - name: forge
                                    type: oauth2
                                    authorization_url: https://f.example.com/authorize
                                    token_url: https://f.example.com/token
                                    user_url: https://f.example.com/me
                                    client_id: d
                                    scopes: profile
                                    id_field: uid
                                    email_field: mail
                                    name_field: full
                                    email_verified_field: confirmed
                                    groups_field: teams
                                """
                                        .formatted(secret))
                        .providers();
        Secret shared = new Secret("s3cret");
        List<String> scopes = List.of("openid", "email", "profile");
        assertThat(read)
                .isEqualTo(
                        List.of(
                                new OidcConfig(
                                        "okta",
                                        "okta",
                                        URI.create("https://id.example.com/"),
                                        new Client("a", null, scopes, List.of()),
                                        "groups",
                                        List.of(),
                                        true),
                                new OidcConfig(
                                        "corp",
                                        "Example Corp",
                                        URI.create("https://login.example.com/v2"),
                                        new Client(
                                                "x", shared, List.of("openid", "email"), List.of()),
                                        "roles",
                                        List.of("department"),
                                        false),
                                new OAuth2Config(
                                        "github",
                                        "github",
                                        new Client(
                                                "b",
                                                shared,
                                                List.of("read:user", "user:email"),
                                                List.of()),
                                        new Endpoints(
                                                URI.create(
                                                        "https://github.com/login/oauth/authorize"),
                                                URI.create(
                                                        "https://github.com/login/oauth/access_token"),
                                                URI.create("https://api.github.com/user"),
                                                URI.create("https://api.github.com/user/emails"),
                                                null,
                                                null),
                                        Fields.USUAL,
                                        true),
                                new OAuth2Config(
                                        "ghe",
                                        "ghe",
                                        new Client(
                                                "c",
                                                null,
                                                List.of("read:user", "user:email", "read:org"),
                                                List.of()),
                                        new Endpoints(
                                                URI.create(
                                                        "https://git.example.com/login/oauth/authorize"),
                                                URI.create(
                                                        "https://git.example.com/login/oauth/access_token"),
                                                URI.create("https://git.example.com/api/v3/user"),
                                                URI.create(
                                                        "https://git.example.com/api/v3/user/emails"),
                                                URI.create(
                                                        "https://git.example.com/api/v3/user/orgs"),
                                                URI.create(
                                                        "https://git.example.com/api/v3/user/teams")),
                                        Fields.USUAL,
                                        true),
                                new OAuth2Config(
                                        "forge",
                                        "forge",
                                        new Client("d", null, List.of("profile"), List.of()),
                                        new Endpoints(
                                                URI.create("https://f.example.com/authorize"),
                                                URI.create("https://f.example.com/token"),
                                                URI.create("https://f.example.com/me"),
                                                null,
                                                null,
                                                null),
                                        new Fields("uid", "mail", "full", "confirmed", "teams"),
                                        true)));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThat(
                        identityProblems(
                                """
                                locale: true
                                session_duration: 1s
                                pin: {allowed: ['a b', '*.example.com']}
                                mail: {server: smtp.example.com, from: nobody, tsl: none, username: u}
                                providers:
                                  - {name: local, type: oidc, issuer: 'http://a.test', client_id: x}
                                  - {name: Two, type: odic}
                                  - {name: b, type: github, url: 'https://a.test/x', client_id: x, issuer: x}
                                  - {name: b, type: oauth2, client_id: x, scopes: ['a b']}
                                """))
                .anyMatch(p -> p.contains("identity.locale: unknown key (did you mean \"local\"?)"))
                .anyMatch(p -> p.contains("session_duration: 1s (expected: 1m to 720h)"))
                .anyMatch(p -> p.contains("pin.allowed: \"a b\""))
                .anyMatch(p -> p.contains("pin.allowed: \"*.example.com\""))
                .anyMatch(p -> p.contains("mail.server: \"smtp.example.com\" (expected: HOST:PORT"))
                .anyMatch(p -> p.contains("mail.from: \"nobody\""))
                .anyMatch(p -> p.contains("mail.tsl: unknown key (did you mean \"tls\"?)"))
                .anyMatch(p -> p.contains("mail.password_file: missing"))
                .anyMatch(p -> p.contains("providers[0].name: \"local\" is a login method"))
                .anyMatch(p -> p.contains("providers[0].issuer: \"http://a.test\""))
                .anyMatch(p -> p.contains("providers[1].name: \"Two\""))
                .anyMatch(p -> p.contains("type: \"odic\"") && p.contains("did you mean \"oidc\""))
                .anyMatch(p -> p.contains("providers[2].url: \"https://a.test/x\""))
                .anyMatch(p -> p.contains("providers[2].issuer: unknown key"))
                .anyMatch(p -> p.contains("providers[3].name: \"b\" is the name of another"))
                .anyMatch(p -> p.contains("providers[3].authorization_url: missing"))
                .anyMatch(p -> p.contains("providers[3].token_url: missing"))
                .anyMatch(p -> p.contains("providers[3].user_url: missing"))
                .anyMatch(p -> p.contains("providers[3].scopes: \"a b\""))
                .anyMatch(p -> p.contains("providers[3].email_verified_field: missing"))
                .hasSize(20);
    }

    @Test
    void aSecretInTheConfigurationIsRefusedAndNotRepeated() {
        assertThat(
                        identityProblems(
                                """
                                providers:
                                  - {name: a, type: oidc, issuer: 'https://a.test', client_id: x, client_secret: hunter2}
                                """))
                .singleElement()
                .asString()
                .contains("providers[0].client_secret: a secret does not belong")
                .contains("client_secret_file")
                .doesNotContain("hunter2");
    }

    @Test
    void aSecretOthersMayReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        String provider =
                """
                providers:
                  - {name: a, type: oidc, issuer: 'https://a.test', client_id: x, client_secret_file: %s}
                """;
        assertThat(identityProblems(provider.formatted(secret)))
                .singleElement()
                .asString()
                .contains("client_secret_file: " + secret + " has permissions rw-r--r--")
                .contains("chmod 600");
        assertThat(identityProblems(provider.formatted(temp.resolve("none"))))
                .singleElement()
                .asString()
                .endsWith("none: no such file");
        Path empty = temp.resolve("empty");
        PrivateFiles.write(empty, new byte[0]);
        assertThat(identityProblems(provider.formatted(empty)))
                .singleElement()
                .asString()
                .contains("holds no secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp.example.com:25", "127.0.0.1.example.com:25", "[2001:db8::1]:25"})
    void mailsLeaveThisMachineEncryptedOnly(String server) {
        assertThat(identityProblems("mail: {server: '" + server + "', from: a@b.test, tls: none}"))
                .singleElement()
                .asString()
                .contains("mail.tls: none to ");
    }

    @ParameterizedTest
    @CsvSource({"localhost:25, localhost", "127.0.0.1:2525, 127.0.0.1", "[::1]:25, ::1"})
    void plainMailGoesToThisMachine(String server, String host) {
        MailConfig mail =
                identity("mail: {server: '" + server + "', from: a@b.test, tls: none}").mail();
        assertThat(mail.host()).isEqualTo(host);
        assertThat(mail.security()).isEqualTo(MailConfig.Security.NONE);
    }

    @Test
    void codesNeedAMailServerAndSomebodyToGoTo() {
        assertThat(identityProblems("pin: {allowed: [example.com]}"))
                .singleElement()
                .asString()
                .contains("identity.pin: needs a mail server");
        assertThat(identityProblems(MAIL + "pin: {allowed: []}"))
                .singleElement()
                .asString()
                .contains("identity.pin.allowed: missing: codes would go to nobody");
    }

    @Test
    void somebodyMustBeAbleToSignIn() {
        assertThat(identityProblems("local: false"))
                .singleElement()
                .asString()
                .contains("identity.local: false without pin and providers");
    }

    @Test
    void theOtherKeysNeedAnAuthHost() {
        assertThat(problems("access_issuer: https://a.test\nidentity: {local: true}"))
                .hasSize(2)
                .allMatch(p -> p.contains("needs an auth_host"));
        assertThat(problems("auth_host: '*.example.com'"))
                .singleElement()
                .asString()
                .contains("edge.yml:1:12 auth_host: \"*.example.com\" (expected: one host");
        assertThat(problems("auth_host: https://auth.example.com"))
                .singleElement()
                .asString()
                .contains("is a URL");
    }

    @Test
    void anAddressOfADomainIsNotOneOfADomainBelowOrBesideIt() {
        PinConfig pin = identity(MAIL + "pin: {allowed: [example.com, ann@b.test]}").pin();
        assertThat(allowed(pin, "x@example.com", "X@EXAMPLE.com", "Ann@b.test")).containsOnly(true);
        assertThat(
                        allowed(
                                pin,
                                "x@sub.example.com",
                                "x@badexample.com",
                                "x@example.com.evil.test",
                                "x@evil.test@b.test",
                                "bob@b.test"))
                .containsOnly(false);
    }

    private static List<Boolean> allowed(PinConfig pin, String... addresses) {
        return List.of(addresses).stream()
                .map(EmailAddress::normal)
                .map(address -> address != null && pin.allows(address))
                .toList();
    }

    @Test
    void guacdIsWhereTheConfigurationSays() throws Exception {
        AccessConfig read =
                read(
                        """
                        auth_host: auth.example.com
                        guacd: {address: "guacd.lan:4823", tls: true, reach: 10.0.0.5, drive: /var/lib/guacd}
                        """);

        assertThat(read.guacd())
                .isEqualTo(
                        new GuacdSettings(
                                "guacd.lan",
                                4823,
                                true,
                                null,
                                InetAddress.ofLiteral("10.0.0.5"),
                                "/var/lib/guacd"));
        assertThat(read("auth_host: auth.example.com\nguacd: {}").guacd())
                .isEqualTo(new GuacdSettings("127.0.0.1", 4822, false, null, null, null));
        assertThat(read("auth_host: auth.example.com").guacd()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{address: 'a:b:c'}     | guacd.address: \"a:b:c\" (expected: HOST or HOST:PORT)",
                "{address: 'a:70000'}   | guacd.address: \"a:70000\" (expected: HOST or HOST:PORT)",
                "{reach: 0.0.0.0}       | guacd.reach: \"0.0.0.0\" (expected: one IP address",
                "{reach: edge.lan}      | guacd.reach: \"edge.lan\" (expected: one IP address",
                "{drive: data}          | guacd.drive: \"data\" (expected: an absolute path",
                "{tls_authorities: a}   | guacd.tls_authorities: needs tls: true",
                "{adress: a}            | guacd.adress: unknown key (did you mean"
            })
    void whatIsNoPlaceOfGuacdIsSaid(String guacd, String problem) {
        assertThat(problems("auth_host: auth.example.com\nguacd: " + guacd))
                .singleElement()
                .asString()
                .contains(problem);
    }
}
