package dev.culvert.access.ports;

import dev.culvert.access.ForwardOptions;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Route;
import dev.culvert.access.SignedRoute;
import dev.culvert.access.Trust;
import dev.culvert.access.login.AccessTokens;
import dev.culvert.access.login.LoginPrompt;
import dev.culvert.access.login.TextPrompt;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// How edges are reached, unless a port says otherwise. Immutable.
///
/// @param cacert PEM file of the trusted authorities, null for the platform's
/// @param connectTo where to dial instead, null for what names resolve to
/// @param environment value of a variable, or null
/// @param prompt asks a person to sign in; null when nobody can be asked
public record Way(
        @Nullable String cacert,
        @Nullable String connectTo,
        UnaryOperator<@Nullable String> environment,
        @Nullable LoginPrompt prompt) {

    public Way asking(LoginPrompt person) {
        return new Way(cacert, connectTo, environment, person);
    }

    /// @param target host name or URL, null for none
    ForwardOptions options(@Nullable String target) {
        ForwardOptions options = new ForwardOptions();
        options.hostname = target;
        options.cacert = cacert;
        options.connectTo = connectTo;
        // Two of its variables are about the one service of a ProxyCommand.
        options.fillFrom(name ->
                name.equals("TUNNEL_SERVICE_URL") || name.equals("TUNNEL_SERVICE_DESTINATION")
                        ? null
                        : environment.apply(name));
        return options;
    }

    /// @param target host name or URL of the service that is meant, null for none
    AccessTokens tokens(@Nullable String target) throws Problem {
        ForwardOptions options = options(target);
        return tokens(options, Trust.context(options.cacert));
    }

    private AccessTokens tokens(ForwardOptions options, SSLContext tls) {
        LoginPrompt asked = prompt == null ? TextPrompt.stderr() : prompt;
        return new AccessTokens(options, environment, tls, asked, false);
    }

    Https https() throws Problem {
        ForwardOptions options = options(null);
        return new Https(options, environment, Trust.context(options.cacert));
    }

    /// A spec that says all of the way, so that it means the same where it is saved.
    PortSpec filled(PortSpec spec) {
        String file = options(null).cacert;
        String own = spec.cacert() != null ? spec.cacert() : file;
        return new PortSpec(
                spec.name(),
                spec.target(),
                spec.listen(),
                spec.destination(),
                own == null ? null : Path.of(own).toAbsolutePath().toString(),
                spec.connectTo() != null ? spec.connectTo() : connectTo);
    }

    /// The way of one port's streams, which sign in when they are asked to.
    ///
    /// @param spec [#filled]
    SignedRoute route(PortSpec spec) throws Problem {
        ForwardOptions options = options(spec.target());
        options.destination = spec.destination();
        options.cacert = spec.cacert();
        options.connectTo = spec.connectTo();
        Route route = Route.of(options, environment);
        SSLContext tls = Trust.context(route.caFile());
        return new SignedRoute(route, () -> tokens(options, tls), prompt != null);
    }
}
