package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import dev.culvert.access.login.AccessTokens;
import dev.culvert.access.login.LoginPrompt;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LoginTest {
    @TempDir Path home;

    private LoginEdge edge;
    private final Person person = new Person();

    @BeforeEach
    void start() throws Exception {
        edge = new LoginEdge();
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    /// Opens the page and confirms.
    private final class Person implements LoginPrompt {
        final Queue<String> told = new ConcurrentLinkedQueue<>();

        @Override
        public void signIn(String app, String authHost, URI page, String code) {
            told.add(app + " " + authHost + " " + code);
            visit(page);
        }

        @Override
        public void othersSignIn(String authHost, URI page) {
            told.add("others at " + authHost);
        }
    }

    /// The JDK does not resolve names below localhost, so the page is asked of the address, with its own name.
    private void visit(URI page) {
        try {
            ForwardOptions way = new ForwardOptions();
            new Https(way, _ -> null, Trust.context(TestCertificates.ONE.authority.toString()))
                    .send(
                            "GET",
                            Target.parse(page.toString()).address(),
                            page.getRawPath() + "?" + page.getRawQuery(),
                            new dev.culvert.protocols.stream.HeaderList(),
                            java.time.Duration.ofSeconds(10));
        } catch (Problem e) {
            throw new AssertionError(e);
        }
    }

    private AccessTokens tokens() throws Problem {
        return new AccessTokens(
                new ForwardOptions(),
                Map.of("CULVERT_ACCESS_HOME", home.resolve("access").toString())::get,
                Trust.context(TestCertificates.ONE.authority.toString()),
                person,
                false);
    }

    private String login(String app) throws Problem {
        return tokens().tokenFor(URI.create(edge.url(app)), true);
    }

    private Problem failed(String app) {
        return catchThrowableOfType(Problem.class, () -> login(app));
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(home.resolve("access"))) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void signsInByABrowserAndKeepsTheTokens() throws Exception {
        String token = login("edge");
        assertThat(edge.appTokens).contains(edge.host("edge") + token);
        assertThat(person.told)
                .containsExactly(
                        edge.host("edge") + " " + edge.host("auth") + " " + edge.codes.remove());
        String port = edge.host("auth").split(":")[1];
        assertThat(files())
                .containsExactly(
                        "auth.localhost_" + port + "-jwks",
                        "auth.localhost_" + port + "-org-token",
                        "auth.localhost_" + port + "-org-token.lock",
                        "edge.localhost-aud-of-edge-token",
                        "edge.localhost_" + port + "--metadata");
    }

    @Test
    void onlyTheUserReadsThem() throws Exception {
        login("edge");
        assertThat(permissions(home.resolve("access"))).isEqualTo("rwx------");
        for (String file : files()) {
            assertThat(permissions(home.resolve("access").resolve(file)))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aStoredTokenIsUsedWithoutAskingAnybody() throws Exception {
        String token = login("edge");
        edge.requests.clear();
        assertThat(tokens().tokenFor(URI.create(edge.url("edge")), false)).isEqualTo(token);
        assertThat(edge.requests).isEmpty();
    }

    @Test
    void anotherApplicationIsOpenedByTheOrgToken() throws Exception {
        login("edge");
        person.told.clear();
        edge.requests.clear();
        String token = tokens().tokenFor(URI.create(edge.url("wiki")), false);
        assertThat(edge.appTokens).contains(edge.host("wiki") + token);
        assertThat(person.told).isEmpty();
    }

    @Test
    void theOrgTokenGoesToTheAuthHostsLoginOnly() throws Exception {
        login("edge");
        String orgToken = tokens().orgTokens().getFirst().token();
        login("wiki");
        assertThat(edge.requests.stream().filter(one -> one.contains(orgToken)))
                .singleElement()
                .asString()
                .startsWith("HEAD " + edge.host("auth") + "/cdn-cgi/access/login/");
    }

    @Test
    void manyAtOnceSignInOnce() throws Exception {
        List<String> got = together(10, () -> login("edge"));
        assertThat(got).hasSize(10).containsOnly(got.getFirst());
        assertThat(edge.codes).hasSize(1);
    }

    @Test
    void manyAtOnceForSeveralApplicationsSignInOnce() throws Exception {
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String app = i % 2 == 0 ? "edge" : "wiki";
            calls.add(() -> login(app));
        }
        assertThat(together(calls)).hasSize(10);
        assertThat(edge.codes).hasSize(1);
    }

    private static List<String> together(int count, Callable<String> call) throws Exception {
        return together(java.util.Collections.nCopies(count, call));
    }

    private static List<String> together(List<Callable<String>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        List<Future<String>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<String> call : calls) {
                running.add(
                        threads.submit(() -> {
                            start.await();
                            return call.call();
                        }));
            }
        }
        List<String> got = new ArrayList<>();
        for (Future<String> one : running) {
            got.add(one.get());
        }
        return got;
    }

    @Test
    void withoutAPersonALoginIsNeeded() {
        assertThatThrownBy(() -> tokens().tokenFor(URI.create(edge.url("edge")), false))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.exitCode()).isEqualTo(Problem.LOGIN_NEEDED);
                            assertThat(problem.hint())
                                    .isEqualTo("access login https://" + edge.host("edge"));
                        });
        assertThat(person.told).isEmpty();
    }

    @Test
    void aTokenWhoseTimeIsOverIsReplaced() throws Exception {
        edge.lifeSeconds = -10;
        assertThat(failed("edge")).hasMessageContaining("sent a token that is not for");
        edge.lifeSeconds = 3600;
        String token = login("edge");
        assertThat(edge.appTokens).contains(edge.host("edge") + token);
    }

    @Test
    void aRefusedTokenIsForgottenAndAPersonAskedAgain() throws Exception {
        String token = login("edge");
        edge.revokeAll();
        tokens().forget(Target.parse(edge.url("edge")), token);
        assertThat(login("edge")).isNotEqualTo(token);
        assertThat(edge.codes).hasSize(2);
        assertThat(edge.count("/cdn-cgi/access/signin")).isZero();
    }

    @Test
    void aTokenThatSomebodyElseHasRenewedIsNotForgotten() throws Exception {
        String token = login("edge");
        tokens().forget(Target.parse(edge.url("edge")), "an.older.one");
        assertThat(tokens().tokenFor(URI.create(edge.url("edge")), false)).isEqualTo(token);
    }

    @Test
    void aLoginThatDoesNotReachAnApplicationIsDeniedWithTheId() throws Exception {
        login("edge");
        edge.denies = true;
        Problem problem = failed("wiki");
        assertThat(problem.exitCode()).isEqualTo(Problem.DENIED);
        assertThat(problem)
                .hasMessageContaining("does not let you in")
                .hasMessageContaining("7f3a");
        assertThat(edge.codes).hasSize(1);
        assertThat(tokens().orgTokens()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"500, 1, answered 500", "403, 4, refused in the browser"})
    void aLoginThatTheAuthHostEndsIsOver(int status, int exitCode, String message) {
        edge.transferStatus = status;
        Problem problem = failed("edge");
        assertThat(problem.exitCode()).isEqualTo(exitCode);
        assertThat(problem).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "type, other, type",
        "type, '', type",
        "hostname, wiki.localhost, hostname",
        "auth_domain, '', auth_domain",
        "auth_domain, user@auth.localhost, auth_domain",
        "auth_domain, auth.localhost/path, auth_domain",
        "auth_domain, http://auth.localhost, auth_domain",
        "aud, '', aud",
        "aud, ../../etc/passwd, aud",
    })
    void aDescriptionOfAnotherApplicationIsRefused(String claim, String value, String named)
            throws Exception {
        edge.metadataChanges.put(claim, value);
        assertRefused(named + ": ");
    }

    @ParameterizedTest
    @ValueSource(longs = {-25 * 3600, 3600})
    void aDescriptionOfAnotherTimeIsRefused(long seconds) throws Exception {
        edge.metadataChanges.put("iat", Instant.now().getEpochSecond() + seconds);
        assertRefused("iat: ");
    }

    @Test
    void aDescriptionWithoutAlgorithmIsRefused() throws Exception {
        edge.metadataFilter =
                text ->
                        base64("{\"alg\":\"none\",\"kid\":\"one\"}")
                                + "."
                                + text.split("\\.")[1]
                                + ".";
        assertRefused("signature: ");
        edge.metadataFilter =
                text ->
                        base64("{\"alg\":\"none\",\"kid\":\"one\"}")
                                + "."
                                + text.split("\\.", 2)[1];
        assertRefused("signature: ");
    }

    /// The public key is no secret: who takes it for one lets everybody sign.
    @Test
    void aDescriptionSignedWithThePublicKeyAsSecretIsRefused() throws Exception {
        byte[] secret = edge.key.toRSAPublicKey().getEncoded();
        edge.metadataFilter = text -> hs256(text, secret);
        assertRefused("signature: ");
        byte[] pem = Base64.getMimeEncoder().encode(secret);
        edge.metadataFilter = text -> hs256(text, pem);
        assertRefused("signature: ");
    }

    private static String hs256(String text, byte[] secret) {
        try {
            JWSObject object =
                    new JWSObject(
                            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
                            new Payload(JWSObject.parse(text).getPayload().toBytes()));
            object.sign(new MACSigner(secret));
            return object.serialize();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDescriptionThatWasChangedIsRefused() throws Exception {
        edge.metadataFilter =
                text -> {
                    String[] parts = text.split("\\.");
                    String claims = new String(Base64.getUrlDecoder().decode(parts[1]));
                    String changed = claims.replace("aud-of-edge", "aud-of-wiki");
                    return parts[0] + "." + base64(changed) + "." + parts[2];
                };
        assertRefused("signature: ");
    }

    @Test
    void aDescriptionSignedBySomebodyElseIsRefused() throws Exception {
        RSAKey other = LoginEdge.key("one");
        edge.metadataFilter =
                text -> {
                    try {
                        Map<String, Object> claims =
                                JWSObject.parse(text).getPayload().toJSONObject();
                        return LoginEdge.signed(other, claims);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                };
        assertRefused("signature: ");
    }

    @Test
    void aDescriptionThatNamesNoKeyIsRefused() throws Exception {
        edge.metadataFilter = text -> base64("{\"alg\":\"RS256\"}") + "." + text.split("\\.", 2)[1];
        assertRefused("signature: ");
    }

    private void assertRefused(String named) throws Exception {
        Problem problem = failed("edge");
        assertThat(problem).isNotNull().hasMessageContaining(named);
        assertThat(person.told).isEmpty();
        assertThat(edge.count("/transfer/")).isZero();
        Path file = home.resolve("access");
        assertThat(Files.exists(file) ? files() : List.of())
                .noneMatch(name -> name.endsWith("-token") || name.endsWith("-metadata"));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keysAreKeptAndFetchedAgainForANewOne() throws Exception {
        login("edge");
        login("wiki");
        assertThat(edge.count("/cdn-cgi/access/certs")).isEqualTo(1);
        edge.key = LoginEdge.key("two");
        forgetTokens();
        assertThat(failed("edge")).hasMessageContaining("signature");
        assertThat(edge.count("/cdn-cgi/access/certs")).isEqualTo(1);
        Path keys = home.resolve("access").resolve(edge.host("auth").replace(':', '_') + "-jwks");
        Files.setLastModifiedTime(keys, FileTime.from(Instant.now().minusSeconds(120)));
        login("edge");
        assertThat(edge.count("/cdn-cgi/access/certs")).isEqualTo(2);
    }

    private void forgetTokens() throws Exception {
        for (String name : files()) {
            if (name.endsWith("-token") || name.endsWith("-metadata")) {
                Files.delete(home.resolve("access").resolve(name));
            }
        }
    }

    @Test
    void logoutEndsTheSessionThereAndHere() throws Exception {
        login("edge");
        login("wiki");
        assertThat(tokens().logout(Target.parse(edge.url("edge")))).hasSize(1);
        assertThat(edge.orgTokens).isEmpty();
        assertThat(files()).noneMatch(name -> name.endsWith("-token"));
        assertThat(tokens().logout(null)).isEmpty();
    }

    @Test
    void logoutOfAnEdgeThatIsAwayStillRemovesTheTokens() throws Exception {
        login("edge");
        edge.close();
        assertThatThrownBy(() -> tokens().logout(null)).isInstanceOf(Problem.class);
        assertThat(files()).noneMatch(name -> name.endsWith("-token"));
    }

    @Test
    void aServiceWithoutAnApplicationIsSaidToBeOne() throws Exception {
        try (TestEdge open = new TestEdge(peer -> peer.respond("HTTP/1.1 200 OK||"))) {
            URI address = URI.create("https://edge.localhost:" + open.port() + "/");
            assertThatThrownBy(() -> tokens().tokenFor(address, true))
                    .hasMessageContaining("no application asks for a login");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "rwx----w-"})
    void aDirectoryThatOthersReachIsNotUsed(String permissions) throws Exception {
        Path directory = Files.createDirectory(home.resolve("access"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        assertThat(failed("edge")).hasMessageContaining(permissions);
        assertThat(edge.requests).isEmpty();
    }

    @Test
    void aDirectoryThatIsALinkIsNotUsed() throws Exception {
        Files.createSymbolicLink(
                home.resolve("access"), Files.createDirectory(home.resolve("elsewhere")));
        assertThat(failed("edge")).hasMessageContaining("a symbolic link");
    }

    @Test
    void aTokenThatIsALinkOrOpenToOthersIsNotUsed() throws Exception {
        login("edge");
        Path token = home.resolve("access").resolve("edge.localhost-aud-of-edge-token");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(failed("edge")).hasMessageContaining("rw-r--r--");
        Path elsewhere = home.resolve("elsewhere");
        Files.move(token, elsewhere);
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(token, elsewhere);
        assertThat(failed("edge")).hasMessageContaining("a symbolic link");
    }

    @Test
    void whatIsNoTokenIsReplaced() throws Exception {
        login("edge");
        Path token = home.resolve("access").resolve("edge.localhost-aud-of-edge-token");
        Files.writeString(token, "rubbish\r\nX-Injected: yes");
        assertThat(edge.appTokens).contains(edge.host("edge") + login("edge"));
    }
}
