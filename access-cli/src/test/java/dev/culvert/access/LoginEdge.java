package dev.culvert.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.culvert.protocols.box.BoxPublicKey;
import dev.culvert.protocols.box.ConfirmationCode;
import dev.culvert.protocols.box.TokenTransfer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An edge with two applications, `edge.localhost` and `wiki.localhost`, and the auth host `auth.localhost`, as far as a
/// command line sees it. Streams with a good token are echoed. Who opens the page of a login has confirmed it.
final class LoginEdge implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) HTTP/1.1\r\n");

    /// Making one takes longer than a test.
    private static final RSAKey KEY = key("one");

    private final TestEdge edge;
    final Queue<String> requests = new ConcurrentLinkedQueue<>();
    final Queue<String> codes = new ConcurrentLinkedQueue<>();
    final Set<String> appTokens = ConcurrentHashMap.newKeySet();
    final Set<String> orgTokens = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<TokenTransfer>> logins = new ConcurrentHashMap<>();
    private final Map<String, String> sessionOfCode = new ConcurrentHashMap<>();

    /// Who signs certificates for SSH.
    final CertificateSigner signer = new CertificateSigner(this::isLive);

    /// What a test may change.
    volatile RSAKey key = KEY;

    volatile boolean denies;
    volatile boolean takesNoToken;
    volatile int transferStatus = 200;
    volatile long lifeSeconds = 3600;
    final Map<String, Object> metadataChanges = new ConcurrentHashMap<>();
    volatile java.util.function.UnaryOperator<String> metadataFilter = text -> text;

    LoginEdge() throws IOException {
        edge = new TestEdge(this::serve);
    }

    static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    String host(String name) {
        return name + ".localhost:" + edge.port();
    }

    String url(String name) {
        return "https://" + host(name) + "/";
    }

    long count(String request) {
        return requests.stream().filter(one -> one.contains(request)).count();
    }

    /// Every session is over.
    void revokeAll() {
        appTokens.clear();
        orgTokens.clear();
    }

    private void serve(TestEdge.Peer peer) throws Exception {
        peer.readRequest();
        Matcher line = LINE.matcher(peer.request);
        if (!line.lookingAt()) {
            throw new IOException(peer.request);
        }
        String method = line.group(1);
        String path = line.group(2).split("\\?")[0];
        String host = field(peer, "Host");
        requests.add(method + " " + host + line.group(2) + " " + field(peer, "Cookie"));
        if (host.equals(host("auth"))) {
            serveAuth(peer, path);
        } else if (path.equals("/cdn-cgi/access/authorized")) {
            authorize(peer, query(line.group(2)), host);
        } else if (path.equals("/cdn-cgi/access/cli")) {
            confirm(peer, query(line.group(2)), host);
        } else {
            serveApp(peer, host);
        }
    }

    private void serveApp(TestEdge.Peer peer, String host) throws Exception {
        String login =
                "302 Found|Location: https://"
                        + host("auth")
                        + "/cdn-cgi/access/login/"
                        + host
                        + "?kid="
                        + audience(host)
                        + "|Set-Cookie: CF_AppSession=s1; Path=/; Secure|";
        if (field(peer, "cf-access-metadata-request").equals("true")) {
            answer(peer, login + "cf-access-metadata: " + metadata(host) + "|", "");
        } else if (!isLetIn(peer, host)) {
            answer(peer, login, "");
        } else if (field(peer, "Upgrade").isEmpty()) {
            answer(peer, "200 OK|", "secret page");
        } else {
            peer.raw(peer.accepted(true).getBytes(StandardCharsets.ISO_8859_1));
            peer.send(peer.readToEndOfData());
            peer.sendEnd();
            peer.readToEof();
        }
    }

    private boolean isLetIn(TestEdge.Peer peer, String host) {
        String cookie = field(peer, "Cookie").replaceFirst(".*CF_Authorization=([^;]*).*", "$1");
        String token = field(peer, "Cf-Access-Token");
        if (takesNoToken) {
            return false;
        }
        return appTokens.contains(host + token) || appTokens.contains(host + cookie);
    }

    private void serveAuth(TestEdge.Peer peer, String path) throws Exception {
        String token = field(peer, "Cookie").replaceFirst(".*CF_Authorization=([^;]*).*", "$1");
        if (path.equals("/cdn-cgi/access/certs")) {
            answer(peer, "200 OK|", new JWKSet(key).toString(true));
        } else if (path.equals("/cdn-cgi/access/cert_sign")) {
            signer.answer(peer);
        } else if (path.equals("/cdn-cgi/access/logout")) {
            orgTokens.remove(token);
            answer(peer, "200 OK|", "");
        } else if (path.startsWith("/transfer/")) {
            transfer(peer, path.substring("/transfer/".length()));
        } else if (!path.startsWith("/cdn-cgi/access/login/") || !orgTokens.contains(token)) {
            answer(peer, "302 Found|Location: /cdn-cgi/access/signin|", "");
        } else if (denies) {
            answer(peer, "403 Forbidden|X-Request-Id: 7f3a|", "no");
        } else {
            String app = path.substring("/cdn-cgi/access/login/".length());
            String code = UUID.randomUUID().toString();
            sessionOfCode.put(code, "CF_AppSession=s1");
            String back = "https://" + app + "/cdn-cgi/access/authorized?code=" + code;
            answer(peer, "302 Found|Location: " + back + "|", "");
        }
    }

    private void authorize(TestEdge.Peer peer, Map<String, String> query, String host)
            throws Exception {
        String session = sessionOfCode.remove(query.getOrDefault("code", ""));
        if (session == null || !field(peer, "Cookie").contains(session)) {
            answer(peer, "403 Forbidden|", "");
            return;
        }
        answer(
                peer,
                "302 Found|Location: /|Set-Cookie: CF_Authorization="
                        + appToken(host)
                        + "; Path=/; Secure; HttpOnly|",
                "");
    }

    private void confirm(TestEdge.Peer peer, Map<String, String> query, String host)
            throws Exception {
        String key = query.get("token");
        codes.add(ConfirmationCode.of(BoxPublicKey.parse(key)).text());
        login(key).complete(new TokenTransfer(appToken(host), orgToken()));
        answer(peer, "200 OK|", "done");
    }

    private CompletableFuture<TokenTransfer> login(String key) {
        return logins.computeIfAbsent(key, _ -> new CompletableFuture<>());
    }

    private void transfer(TestEdge.Peer peer, String key) throws Exception {
        if (transferStatus != 200) {
            answer(peer, transferStatus + " No|", "");
            return;
        }
        try {
            TokenTransfer tokens = login(key).get(30, TimeUnit.SECONDS);
            TokenTransfer.Sealed sealed = tokens.seal(BoxPublicKey.parse(key), new SecureRandom());
            answer(peer, "200 OK|service-public-key: " + sealed.key() + "|", sealed.body());
        } catch (TimeoutException e) {
            answer(peer, "404 Not yet|", "");
        }
    }

    private boolean isLive(String token) {
        return !takesNoToken && appTokens.stream().anyMatch(one -> one.endsWith(token));
    }

    static String audience(String host) {
        return "aud-of-" + host.split("\\.")[0];
    }

    String appToken(String host) throws JOSEException {
        String token =
                signed(
                        Map.of(
                                "aud",
                                List.of(audience(host)),
                                "iss",
                                "https://" + host("auth"),
                                "exp",
                                Instant.now().getEpochSecond() + lifeSeconds,
                                "jti",
                                UUID.randomUUID().toString()));
        appTokens.add(host + token);
        return token;
    }

    private String orgToken() throws JOSEException {
        String token =
                signed(
                        Map.of(
                                "aud",
                                host("auth"),
                                "iss",
                                "https://" + host("auth"),
                                "exp",
                                Instant.now().getEpochSecond() + 86400,
                                "jti",
                                UUID.randomUUID().toString()));
        orgTokens.add(token);
        return token;
    }

    private String metadata(String host) throws JOSEException {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("type", "match");
        claims.put("hostname", host.split(":")[0]);
        claims.put("auth_domain", host("auth"));
        claims.put("aud", audience(host));
        claims.put("app_hostname", host.split(":")[0]);
        claims.put("iat", Instant.now().getEpochSecond());
        metadataChanges.forEach((name, value) -> {
            if (value.equals("")) {
                claims.remove(name);
            } else {
                claims.put(name, value);
            }
        });
        return metadataFilter.apply(signed(claims));
    }

    private String signed(Map<String, Object> claims) throws JOSEException {
        return signed(key, claims);
    }

    static String signed(RSAKey key, Map<String, Object> claims) throws JOSEException {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build();
        JWSObject object = new JWSObject(header, new Payload(claims));
        object.sign(new RSASSASigner(key));
        return object.serialize();
    }

    private static String field(TestEdge.Peer peer, String name) {
        Matcher field =
                Pattern.compile("(?i)\r\n" + Pattern.quote(name) + ": ([^\r]*)")
                        .matcher(peer.request);
        return field.find() ? field.group(1) : "";
    }

    private static Map<String, String> query(String target) {
        Map<String, String> values = new HashMap<>();
        for (String pair : target.substring(target.indexOf('?') + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            values.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return values;
    }

    private static void answer(TestEdge.Peer peer, String head, String body) throws IOException {
        String length = "Content-Length: " + body.length() + "|Connection: close||";
        boolean bodiless = peer.request.startsWith("HEAD ");
        String text = "HTTP/1.1 " + head + length;
        peer.raw(
                (text.replace("|", "\r\n") + (bodiless ? "" : body))
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        edge.close();
    }
}
