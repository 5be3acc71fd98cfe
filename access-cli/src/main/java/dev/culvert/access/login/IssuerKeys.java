package dev.culvert.access.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.protocols.stream.HeaderList;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The keys an auth host signs with, `/cdn-cgi/access/certs`, kept in a file for a day. A signature they do not verify
/// may be of a newer key: then they are fetched again, once a minute at most.
///
/// The only user of the JOSE library here. Immutable; blocking.
final class IssuerKeys {
    private static final Duration FETCH = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofHours(24);
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final int SMALLEST_KEY = 2048;

    private final Https https;
    private final TokenFiles files;

    IssuerKeys(Https https, TokenFiles files) {
        this.https = https;
        this.files = files;
    }

    /// Whether an auth host has signed a token, with RS256 and a key that the token names.
    boolean haveSigned(Jwt token, HostPort authHost) throws Problem {
        Path file = files.keys(authHost);
        Instant written = files.written(file);
        String kept = written.isAfter(Instant.now().minus(KEPT)) ? files.read(file) : null;
        if (kept != null && verifies(kept, token)) {
            return true;
        }
        if (kept != null && written.isAfter(Instant.now().minus(FRESH))) {
            return false;
        }
        String fetched = fetch(authHost);
        files.write(file, fetched);
        return verifies(fetched, token);
    }

    private String fetch(HostPort authHost) throws Problem {
        Https.Answer answer =
                https.send("GET", authHost, "/cdn-cgi/access/certs", new HeaderList(), FETCH);
        if (answer.status() != 200) {
            throw Problem.failed(
                    "keys of " + Hosts.text(authHost) + ": answered " + answer.status(),
                    "check that it is the edge's auth_host and reachable from here");
        }
        return answer.body();
    }

    private static boolean verifies(String keys, Jwt token) {
        try {
            JWSObject object = JWSObject.parse(token.text());
            String keyId = object.getHeader().getKeyID();
            RSAKey key = keyId == null ? null : key(JWKSet.parse(keys), keyId);
            // The algorithm is fixed here: a token does not choose how it is verified.
            return key != null
                    && JWSAlgorithm.RS256.equals(object.getHeader().getAlgorithm())
                    && object.verify(new RSASSAVerifier(key));
        } catch (ParseException | JOSEException e) {
            return false;
        }
    }

    private static @Nullable RSAKey key(JWKSet keys, String id) {
        JWK key = keys.getKeyByKeyId(id);
        return key instanceof RSAKey rsa && rsa.size() >= SMALLEST_KEY ? rsa : null;
    }
}
