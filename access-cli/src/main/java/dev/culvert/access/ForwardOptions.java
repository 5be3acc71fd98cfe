package dev.culvert.access;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What `ssh`, `tcp`, `rdp` and `smb` were told, as written. Flags win over the environment.
///
/// Mutable while arguments are read; then handed to one [Route].
public final class ForwardOptions {
    public @Nullable String hostname;
    public @Nullable String destination;
    public @Nullable String listen;
    public List<String> headers = new ArrayList<>();
    public @Nullable String tokenId;
    public @Nullable String tokenSecret;
    public @Nullable String cacert;
    public @Nullable String connectTo;

    /// Fills what no flag has set; the names are cloudflared's.
    ///
    /// @param environment value of a variable, or null
    public void fillFrom(UnaryOperator<@Nullable String> environment) {
        hostname = or(hostname, environment, "TUNNEL_SERVICE_HOSTNAME");
        destination = or(destination, environment, "TUNNEL_SERVICE_DESTINATION");
        listen = or(listen, environment, "TUNNEL_SERVICE_URL");
        tokenId = or(tokenId, environment, "TUNNEL_SERVICE_TOKEN_ID");
        tokenSecret = or(tokenSecret, environment, "TUNNEL_SERVICE_TOKEN_SECRET");
        cacert = or(cacert, environment, "CULVERT_CACERT");
        cacert = or(cacert, environment, "SSL_CERT_FILE");
    }

    private static @Nullable String or(
            @Nullable String value, UnaryOperator<@Nullable String> environment, String name) {
        if (value != null) {
            return value;
        }
        String found = environment.apply(name);
        return found == null || found.isEmpty() ? null : found;
    }
}
