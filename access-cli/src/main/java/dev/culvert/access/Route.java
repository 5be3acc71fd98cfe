package dev.culvert.access;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.Handshake;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where a stream goes and what its handshake says, checked: no I/O has happened yet. Immutable.
///
/// @param dial address that is connected to, directly or by the proxy
/// @param tlsName name sent to the server (SNI) and required of its certificate
/// @param headers extra fields of the handshake; hold secrets
/// @param caFile PEM file of the trusted authorities, null for the platform's
public record Route(
        Target target,
        HostPort dial,
        String tlsName,
        @Nullable Proxy proxy,
        HeaderList headers,
        @Nullable String caFile) {

    private static final String TOKEN = "Cf-Access-Token";

    /// @throws Problem usage, for the first value that cannot be used
    public static Route of(ForwardOptions options, UnaryOperator<@Nullable String> environment)
            throws Problem {
        if (options.hostname == null || options.hostname.isBlank()) {
            throw Problem.usage(
                    "--hostname: missing (expected: the public name of the service)",
                    "access ssh --hostname ssh.example.com; all flags: access ssh --help");
        }
        Target target = Target.parse(options.hostname);
        HostPort dial = target.address();
        String tlsName = dial.host();
        String connectTo = options.connectTo;
        if (connectTo != null) {
            int first = connectTo.indexOf(':');
            int second = connectTo.indexOf(':', first + 1);
            boolean three = !connectTo.startsWith("[") && first > 0 && second > first;
            three = three && HostPort.portNumber(connectTo.substring(first + 1, second)) > 0;
            if (three) {
                tlsName = connectTo.substring(0, first).toLowerCase(Locale.ROOT);
                String host = connectTo.substring(second + 1);
                int port = HostPort.portNumber(connectTo.substring(first + 1, second));
                dial = new HostPort(unbracketed(host), port);
            } else {
                dial = HostPort.parse(connectTo, dial.port());
            }
            if (dial == null
                    || dial.port() == 0
                    || !Target.isName(dial.host())
                    || !Target.isName(tlsName)) {
                throw Problem.usage(
                        "--connect-to: "
                                + connectTo
                                + " (expected: host, host:port or sni:port:host)",
                        "for example --connect-to 127.0.0.1:8443");
            }
        }
        Proxy proxy = Proxy.from(environment, dial);
        Route route = new Route(target, dial, tlsName, proxy, headers(options), options.cacert);
        // Says now what would fail in each stream.
        route.handshake(new byte[Handshake.KEY_BYTES]);
        return route;
    }

    private static HeaderList headers(ForwardOptions options) throws Problem {
        HeaderList headers = HeaderList.of("User-Agent", "culvert-access/" + Version.TEXT);
        headers.add("Accept", "application/json");
        try {
            for (String line : options.headers) {
                int colon = line.indexOf(':');
                if (colon <= 0) {
                    throw Problem.usage(
                            "--header: a value without a colon (expected: Name: value)",
                            "for example -H 'X-Team: blue'");
                }
                String name = line.substring(0, colon).strip();
                String value = line.substring(colon + 1).strip();
                Handshake.requireField(name, value);
                if (name.equalsIgnoreCase("user-agent") || name.equalsIgnoreCase("accept")) {
                    headers.remove(name);
                }
                headers.add(name, value);
            }
            addOwn(headers, "Cf-Access-Client-Id", options.tokenId);
            addOwn(headers, "Cf-Access-Client-Secret", options.tokenSecret);
            addOwn(headers, "Cf-Access-Jump-Destination", options.destination);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(
                    String.valueOf(e.getMessage()), "correct the flag or variable of that header");
        }
        return headers;
    }

    private static void addOwn(HeaderList headers, String name, @Nullable String value) {
        if (value != null) {
            Handshake.requireField(name, value);
            headers.set(name, value);
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /// A fresh handshake for one stream.
    ///
    /// @throws Problem usage, when the target's path cannot stand in a request
    Handshake handshake(byte[] random) throws Problem {
        try {
            return Handshake.client(target.hostHeader(), target.path(), headers, random, true);
        } catch (IllegalArgumentException e) {
            throw Problem.usage("--hostname: " + e.getMessage(), "correct the URL");
        }
    }

    /// The same with a token of the application.
    Route withToken(String token) {
        HeaderList more = headers.copy();
        more.set(TOKEN, token);
        return new Route(target, dial, tlsName, proxy, more, caFile);
    }

    /// The token of the application, or null.
    @Nullable String token() {
        return headers.first(TOKEN);
    }

    /// Whether the handshake says who it is for itself, so that no login can help.
    boolean hasServiceToken() {
        return headers.contains("Cf-Access-Client-Id");
    }

    /// The address whose socket is opened: the proxy's, if there is one.
    HostPort firstHop() {
        return proxy == null ? dial : proxy.address();
    }
}
