package dev.culvert.access.ports;

import dev.culvert.access.Listener;
import dev.culvert.access.Problem;
import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.NearestName;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A set of local ports in a file:
///
/// ```yaml
/// cacert: /etc/culvert/ca.pem      # for all; optional
/// connect_to: 192.0.2.1:8443       # for all; optional
/// ports:
///   - app: database                # by the name the edge has for it; asks the edge
///     port: 5432                   # here; none: a free one
///   - hostname: ssh.example.com    # by its public name, or its URL
///     name: ssh                    # what it is called in messages
///     url: 127.0.0.2:2222          # instead of port, to listen elsewhere than on loopback
///     destination: 10.0.0.7:22     # behind a bastion service
/// ```
///
/// Immutable.
///
/// @param entries at least one
public record PortsFile(List<Entry> entries) {
    private static final int MAX_PORT = 65535;

    /// One port.
    ///
    /// @param app name of an application, null for a host name
    /// @param spec what is wished for; its target is empty for an application, until it is known
    public record Entry(@Nullable String app, PortSpec spec) {
        /// @param apps those the edge offers
        /// @throws Problem when the application is none of them
        public PortSpec resolved(List<App> apps) throws Problem {
            if (app == null) {
                return spec;
            }
            for (App each : apps) {
                if (each.name().equalsIgnoreCase(app)) {
                    return with(each.target());
                }
            }
            String near = NearestName.of(app, apps.stream().map(App::name).toList());
            throw Problem.usage(
                    "no application " + app + " is offered to you",
                    near == null ? "sign in first, or name its hostname" : "did you mean " + near);
        }

        private PortSpec with(String target) {
            return new PortSpec(
                    spec.name(),
                    target,
                    spec.listen(),
                    spec.destination(),
                    spec.cacert(),
                    spec.connectTo());
        }
    }

    /// @throws InvalidConfigException with all that is wrong
    public static PortsFile read(Path file) throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        ConfigMap map = YamlFile.read(file, problems);
        List<Entry> entries = new ArrayList<>();
        if (map != null) {
            String cacert = map.text("cacert");
            String connectTo = map.text("connect_to");
            Set<String> names = new HashSet<>();
            for (ConfigMap each : map.maps("ports")) {
                entries.add(entry(each, cacert, connectTo, names));
            }
            if (!map.has("ports") || entries.isEmpty()) {
                map.problem("ports", "no ports (expected: a list of at least one)");
            }
            map.finish();
        }
        problems.throwIfAny();
        return new PortsFile(List.copyOf(entries));
    }

    private static Entry entry(
            ConfigMap map, @Nullable String cacert, @Nullable String connectTo, Set<String> names) {
        String app = map.text("app");
        String hostname = map.text("hostname");
        if ((app == null) == (hostname == null)) {
            map.problem(
                    app == null ? "" : "hostname",
                    "expected: either app or hostname, to say which service");
        }
        String own = map.text("name");
        String service = app != null ? app : hostname != null ? hostname : "";
        String name = own != null ? own : service;
        if (!name.isEmpty() && !names.add(name)) {
            map.problem(
                    own != null ? "name" : app != null ? "app" : "hostname",
                    name + " is there twice (expected: a name of its own for each port)");
        }
        String listen = listen(map);
        String ownCacert = map.text("cacert");
        String ownConnectTo = map.text("connect_to");
        PortSpec spec =
                new PortSpec(
                        name,
                        hostname != null ? hostname : "",
                        listen,
                        map.text("destination"),
                        ownCacert != null ? ownCacert : cacert,
                        ownConnectTo != null ? ownConnectTo : connectTo);
        map.finish();
        return new Entry(app, spec);
    }

    private static String listen(ConfigMap map) {
        int port = map.integer("port", 0, 0, MAX_PORT);
        ConfigValue url = map.value("url");
        String text = url == null ? null : url.text();
        if (url == null || text == null) {
            return ":" + port;
        }
        if (map.has("port")) {
            url.problem("stands beside port (expected: one of them)");
        }
        try {
            Listener.address(text);
        } catch (Problem e) {
            url.problem(text + " (expected: host:port of this machine)");
        }
        return text;
    }

    /// Writes the ports that are open, so that `access up` opens them again.
    public static void write(Path file, List<LocalPort> ports) throws IOException {
        StringBuilder text = new StringBuilder("# access up " + file.getFileName() + "\nports:\n");
        for (LocalPort port : ports) {
            PortSpec spec = port.spec();
            text.append("  - name: ").append(quoted(spec.name())).append('\n');
            text.append("    hostname: ").append(quoted(spec.target())).append('\n');
            text.append("    url: ").append(quoted(port.address().toString())).append('\n');
            append(text, "destination", spec.destination());
            append(text, "cacert", spec.cacert());
            append(text, "connect_to", spec.connectTo());
        }
        Files.writeString(file, text);
    }

    private static void append(StringBuilder text, String key, @Nullable String value) {
        if (value != null) {
            text.append("    ").append(key).append(": ").append(quoted(value)).append('\n');
        }
    }

    /// A double-quoted scalar, in which YAML knows JSON's escapes.
    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~' && c < '\u00a0') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
