package dev.culvert.connector.assertion;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The key `access` of an `originRequest`, with cloudflared's names and three of ours: `issuer`,
/// `certsUrl` and `caPool`, for an issuer of one's own. Immutable.
///
/// @param required false checks nothing
/// @param teamName makes the issuer `https://TEAM.cloudflareaccess.com`; empty for none
/// @param audTag audiences of which an assertion needs one; empty lets nobody in
/// @param environment `fed` makes the issuer `https://TEAM.fed.cloudflareaccess.com`
/// @param issuer in the place of `teamName`, compared as text; null for none
/// @param certsUrl where the issuer's keys are; null for `<issuer>/cdn-cgi/access/certs`
/// @param caPool PEM file of roots trusted for that address, besides the system's
public record AccessSettings(
        boolean required,
        String teamName,
        Set<String> audTag,
        String environment,
        @Nullable String issuer,
        @Nullable URI certsUrl,
        @Nullable Path caPool) {
    static final String FED = "fed";
    private static final String CERTS_PATH = "/cdn-cgi/access/certs";

    public AccessSettings {
        audTag = Set.copyOf(audTag);
    }

    /// What `iss` of an assertion has to be; null when nobody is named, and then nobody comes in.
    public @Nullable String expectedIssuer() {
        if (issuer != null) {
            return issuer;
        }
        if (teamName.isEmpty()) {
            return null;
        }
        String domain =
                environment.equals(FED) ? ".fed.cloudflareaccess.com" : ".cloudflareaccess.com";
        return "https://" + teamName + domain;
    }

    /// Where the keys are; null when nobody is named.
    public @Nullable URI keys() {
        String expected = expectedIssuer();
        if (certsUrl != null || expected == null) {
            return certsUrl;
        }
        String base =
                expected.endsWith("/") ? expected.substring(0, expected.length() - 1) : expected;
        return URI.create(base + CERTS_PATH);
    }
}
