package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Any text is either a request whose key can be signed, or ends in a [ProtocolException]; nothing else.
class SignRequestFuzzTest {
    private static final Generation KEYS = KeyRing.begin(Instant.EPOCH).signing();

    @FuzzTest(maxDuration = "2m")
    void bodies(byte[] bytes) throws Exception {
        SignRequest request;
        try {
            request = SignRequest.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (ProtocolException _) {
            return; // rejected
        }
        AuthorityKey signer = KEYS.signerFor(request.key().type());
        SshCertificate made =
                UserClaims.of(
                        Ann.with(List.of("ann"), Use.SHELL),
                        request.key(),
                        List.of("ann"),
                        1,
                        signer.open(),
                        Instant.EPOCH.plusSeconds(3600));
        byte[] signed = made.sign(new byte[32], signer::sign);
        assertThat(SshCertificate.ofLine(made.line(signed))).isEqualTo(made);
    }
}
