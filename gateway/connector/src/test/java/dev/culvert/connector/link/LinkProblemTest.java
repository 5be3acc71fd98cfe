package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.registration.ConnectionError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class LinkProblemTest {
    private static final EdgeAddress EDGE = new EdgeAddress("edge.example.com", 7844);

    private static LinkProblem of(Throwable cause) {
        return LinkProblem.of(EDGE, "TLS with the edge failed", null, cause);
    }

    @Test
    void anExpiredCertificateIsNotAnUnknownAuthority() {
        CertificateException validator =
                new CertificateException(
                        "PKIX path validation failed",
                        new CertPathValidatorException(
                                "validity check failed",
                                new CertificateExpiredException("NotAfter: yesterday")));
        LinkProblem problem = of(new SSLHandshakeException("failed").initCause(validator));
        assertThat(problem.sentence()).contains("not valid now").contains("NotAfter: yesterday");
        assertThat(problem.hint()).contains("clocks");
        assertThat(problem.permanent()).isFalse();
    }

    @Test
    void namesWhatHappenedToTheSocket() {
        assertThat(of(new UnknownHostException("x")).sentence())
                .isEqualTo("the edge's name edge.example.com does not resolve");
        assertThat(of(new ConnectException("refused")).sentence())
                .isEqualTo("nothing accepts connections at edge.example.com:7844");
        assertThat(of(new SSLException("not an SSL/TLS record")).hint()).contains("7844");
        LinkProblem other = of(new IOException("broken"));
        assertThat(other.sentence()).isEqualTo("TLS with the edge failed: broken");
        assertThat(other.permanent()).isFalse();
    }

    @Test
    void onlyAnEdgeThatSaysSoIsTriedAgainAfterARefusal() {
        LinkProblem permanent =
                LinkProblem.of(EDGE, "", new ConnectionError("no", Duration.ZERO, false), null);
        assertThat(permanent.permanent()).isTrue();
        assertThat(permanent.hint()).contains("edge's log");
        assertThat(
                        LinkProblem.of(
                                        EDGE,
                                        "",
                                        new ConnectionError("later", Duration.ZERO, true),
                                        null)
                                .permanent())
                .isFalse();
    }
}
