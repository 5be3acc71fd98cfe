package dev.culvert.connector.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.connector.assertion.AccessSettings;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Compiles `ingress` and `originRequest` of a configuration. Confined to one thread.
///
/// What cloudflared rejects is rejected; in addition unknown keys, unknown schemes and the management
/// host. Rules that can never be reached are accepted, as there, with a note.
public final class IngressReader {
    private static final int MAX_EXPRESSION = 1000;
    private static final String BASTION = "bastion";
    private static final String SOCKS_PROXY = "socks-proxy";

    private final PluginCatalog plugins;
    private final Consumer<String> notes;
    private RuleSettings defaultSettings = RuleSettings.NONE;

    /// @param notes takes lines for the log that are no errors
    public IngressReader(PluginCatalog plugins, Consumer<String> notes) {
        this.plugins = plugins;
        this.notes = notes;
    }

    /// Reads the keys `ingress` and `originRequest` of a whole configuration.
    ///
    /// @return rules for what was understood; not to be used when a problem was reported
    public Ingress read(ConfigMap root) {
        return read(root, defaults(root));
    }

    /// Reads the key `originRequest` of a whole configuration.
    public OriginRequest defaults(ConfigMap root) {
        ConfigMap map = root.map("originRequest");
        defaultSettings = RuleSettings.read(map, RuleSettings.NONE);
        return OriginRequestReader.read(map, OriginRequest.DEFAULT);
    }

    /// Reads the key `ingress`, after [#defaults].
    public Ingress read(ConfigMap root, OriginRequest defaults) {
        if (!root.has("ingress")) {
            return Ingress.empty();
        }
        List<ConfigMap> maps = root.maps("ingress");
        if (maps.isEmpty()) {
            root.problem(
                    "ingress", "has no rules (expected: at least \"- service: http_status:404\")");
        } else if (maps.size() > Ingress.MAX_RULES) {
            root.problem(
                    "ingress",
                    maps.size() + " rules (expected: at most " + Ingress.MAX_RULES + ")");
            return Ingress.empty();
        }
        List<IngressRule> rules = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            IngressRule rule = rule(maps.get(i), i + 1, i == maps.size() - 1, defaults);
            if (rule != null) {
                noteIfUnreachable(rule, rules);
                rules.add(rule);
            }
        }
        return new Ingress(rules);
    }

    /// The form without a configuration: one service for every host, after [#defaults].
    ///
    /// @param socks `--socks5`
    /// @return empty when a problem was reported
    public Ingress single(
            String service, OriginRequest originRequest, boolean socks, Problems problems) {
        RuleSettings settings =
                socks ? defaultSettings.withProxyType(RuleSettings.SOCKS) : defaultSettings;
        ServiceSpec spec = spec(service, originRequest, settings);
        noteWithoutEffect("the service", spec, settings, true);
        Origin origin = plugins.configure(spec, problems);
        return origin == null
                ? Ingress.empty()
                : new Ingress(
                        List.of(new IngressRule(1, HostPattern.ALL, null, spec, origin, settings)));
    }

    private @Nullable IngressRule rule(
            ConfigMap map, int number, boolean last, OriginRequest defaults) {
        String hostname = map.text("hostname");
        String path = map.text("path");
        String service = map.text("service");
        boolean badService = service == null && map.has("service");
        ConfigMap requestMap = map.map("originRequest");
        RuleSettings settings = RuleSettings.read(requestMap, defaultSettings);
        OriginRequest originRequest = OriginRequestReader.read(requestMap, defaults);
        map.finish();
        HostPattern host = host(map, hostname == null ? "" : hostname);
        Pattern expression = path == null || path.isEmpty() ? null : expression(map, path, number);
        boolean catchAll = host != null && host.matchesAll() && (path == null || path.isEmpty());
        if (last && host != null && !catchAll) {
            map.problem(
                    "",
                    "the last rule must match everything (expected: one more rule without hostname"
                            + " and path, such as \"- service: http_status:404\")");
        } else if (!last && catchAll) {
            map.problem(
                    "",
                    "Rule #"
                            + number
                            + " matches everything, so the rules after it are never used (expected:"
                            + " such a rule at the end only)");
        }
        if (service == null || service.isEmpty()) {
            if (!badService) {
                map.problem("", "has no service (expected: one such as http://localhost:8080)");
            }
            return null;
        }
        ServiceSpec spec = spec(service, originRequest, settings);
        noteWithoutEffect("ingress rule #" + number, spec, settings, requestMap != null);
        Origin origin = plugins.configure(spec, map.problems());
        return origin == null || host == null
                ? null
                : new IngressRule(number, host, expression, spec, origin, settings);
    }

    /// As in cloudflared, `bastionMode` takes the place of a service with an address, and of that only.
    private static ServiceSpec spec(
            String service, OriginRequest originRequest, RuleSettings settings) {
        boolean hasAddress = service.contains("://");
        String named = settings.bastionMode() && hasAddress ? BASTION : service;
        // A query is ignored, as in cloudflared.
        int query = hasAddress ? named.indexOf('?') : -1;
        return PluginCatalog.spec(query < 0 ? named : named.substring(0, query), originRequest);
    }

    /// @param own whether the rule has an `originRequest` of its own: the top level's is for all services
    private void noteWithoutEffect(
            String rule, ServiceSpec spec, RuleSettings settings, boolean own) {
        AccessSettings access = settings.access();
        if (access != null
                && access.required()
                && (access.expectedIssuer() == null || access.audTag().isEmpty())) {
            notes.accept(
                    rule
                            + " lets nobody in: access is required without "
                            + (access.expectedIssuer() == null ? "teamName or issuer" : "audTag"));
        }
        boolean chosen = spec.scheme().equals(BASTION) || spec.scheme().equals(SOCKS_PROXY);
        if (own
                && !chosen
                && settings.ipRules() != null
                && settings.ipRules() != defaultSettings.ipRules()) {
            notes.accept(rule + ": ipRules has no effect on " + spec.text());
        }
        if (spec.scheme().equals(SOCKS_PROXY) && settings.ipRules() == null) {
            notes.accept(rule + " refuses every destination: socks-proxy has no ipRules");
        }
    }

    private static @Nullable HostPattern host(ConfigMap map, String hostname) {
        if (Ingress.isManagement(hostname.toLowerCase(Locale.ROOT))) {
            map.problem(
                    "hostname",
                    Shown.value(hostname)
                            + " is the name of cloudflared's management service and cannot be"
                            + " served");
            return null;
        }
        try {
            return HostPattern.parse(hostname);
        } catch (IllegalArgumentException e) {
            map.problem("hostname", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static @Nullable Pattern expression(ConfigMap map, String path, int number) {
        if (path.length() > MAX_EXPRESSION) {
            map.problem(
                    "path",
                    path.length() + " characters (expected: at most " + MAX_EXPRESSION + ")");
            return null;
        }
        try {
            return Pattern.compile(path);
        } catch (PatternSyntaxException e) {
            map.problem(
                    "path",
                    "Rule #"
                            + number
                            + ": "
                            + Shown.value(path)
                            + " is not an RE2 expression: "
                            + e.getDescription());
            return null;
        }
    }

    private void noteIfUnreachable(IngressRule rule, List<IngressRule> before) {
        for (IngressRule earlier : before) {
            if (earlier.path() == null && earlier.hostname().covers(rule.hostname())) {
                notes.accept(
                        "ingress rule #"
                                + rule.number()
                                + " is never reached: rule #"
                                + earlier.number()
                                + " matches all of "
                                + rule.hostname());
                return;
            }
        }
    }
}
