package dev.culvert.plugin.desktop.session;

import java.io.IOException;
import java.time.Instant;

/// A host shows a certificate that nobody has trusted yet.
public final class CertificateQuestion extends IOException {
    private static final long serialVersionUID = 1L;

    private final String fingerprint;
    private final String subject;
    private final String issuer;
    private final Instant from;
    private final Instant until;

    /// @param fingerprint as [DesktopSession#certificate]
    /// @param subject the host's text, one line
    /// @param issuer the host's text, one line
    public CertificateQuestion(
            String fingerprint, String subject, String issuer, Instant from, Instant until) {
        super("unknown certificate " + fingerprint);
        this.fingerprint = fingerprint;
        this.subject = subject;
        this.issuer = issuer;
        this.from = from;
        this.until = until;
    }

    public String fingerprint() {
        return fingerprint;
    }

    public String subject() {
        return subject;
    }

    public String issuer() {
        return issuer;
    }

    public Instant from() {
        return from;
    }

    public Instant until() {
        return until;
    }
}
