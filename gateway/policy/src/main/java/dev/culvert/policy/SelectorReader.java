package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.NearestName;
import dev.culvert.config.Shown;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one selector: a mapping of one key. Each reading makes a new object, so that a selector can be
/// found again by its identity. Confined to one thread.
final class SelectorReader {
    private static final Pattern EMAIL = Pattern.compile("[^\\s\\p{Cntrl}]{1,254}@[^\\s@]{1,253}");
    private static final Pattern DOMAIN = Pattern.compile("[^\\s\\p{Cntrl}@*.]+(\\.[^\\s@*.]+)*");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /// Cloudflare's names for what is written otherwise here.
    private static final Map<String, String> OTHERWISE =
            Map.of(
                    "geo", "country: DE",
                    "auth_context", "auth_method: mfa",
                    "saml", "oidc: {name: CLAIM, value: VALUE}");

    private static final Set<String> WITHOUT_VALUE =
            Set.of("everyone", "any_valid_service_token", "certificate");

    private final Set<String> groups;
    private final Map<String, Function<ConfigValue, @Nullable Selector>> readers =
            new LinkedHashMap<>();

    /// @param groups names of all groups there are
    SelectorReader(Set<String> groups) {
        this.groups = groups;
        readers.put("email", SelectorReader::email);
        readers.put("email_domain", SelectorReader::emailDomain);
        readers.put("everyone", value -> nothing(value, new Selector.Everyone()));
        readers.put("group", this::group);
        readers.put("ip", SelectorReader::range);
        readers.put("country", SelectorReader::country);
        readers.put("service_token", value -> named(value, Selector.ServiceToken::new));
        readers.put(
                "any_valid_service_token", value -> nothing(value, new Selector.AnyServiceToken()));
        readers.put("certificate", value -> nothing(value, new Selector.AnyCertificate()));
        readers.put("common_name", value -> named(value, Selector.CommonName::new));
        readers.put("login_method", value -> named(value, Selector.LoginMethod::new));
        readers.put("auth_method", value -> named(value, Selector.AuthMethod::new));
        readers.put("provider_group", value -> named(value, Selector.ProviderGroup::new));
        readers.put("oidc", SelectorReader::claim);
        readers.put("time", TimeWindowReader::read);
    }

    /// @return null when it is none; that was reported then
    @Nullable Selector read(ConfigMap map) {
        List<String> found = readers.keySet().stream().filter(map.keys()::contains).toList();
        map.accept(readers.keySet().toArray(String[]::new));
        OTHERWISE.forEach((key, here) -> map.refuse(key, "is written \"" + here + "\" here"));
        map.finish();
        if (found.size() > 1) {
            map.problem(
                    found.get(1),
                    "beside "
                            + found.getFirst()
                            + " (expected: one key; each selector is an element of its own)");
            return null;
        }
        if (found.isEmpty()) {
            if (map.keys().isEmpty()) {
                map.problem("", "is empty (expected: such as everyone: {})");
            }
            return null;
        }
        String key = found.getFirst();
        ConfigValue value = map.value(key);
        if (value == null) {
            map.problem(
                    key,
                    "has no value (expected: "
                            + (WITHOUT_VALUE.contains(key) ? "{}" : "one")
                            + ")");
            return null;
        }
        return Objects.requireNonNull(readers.get(key), key).apply(value);
    }

    private static @Nullable Selector email(ConfigValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (!EMAIL.matcher(text).matches() || text.indexOf('*') >= 0) {
            value.problem(Shown.value(text) + " (expected: such as ann@example.com)");
            return null;
        }
        return new Selector.Email(text.toLowerCase(Locale.ROOT));
    }

    private static @Nullable Selector emailDomain(ConfigValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (!DOMAIN.matcher(text).matches()) {
            value.problem(
                    Shown.value(text)
                            + " (expected: such as example.com, without @ and *; domains below it do"
                            + " not belong to it)");
            return null;
        }
        return new Selector.EmailDomain(text.toLowerCase(Locale.ROOT));
    }

    private @Nullable Selector group(ConfigValue value) {
        String name = value.text();
        if (name == null) {
            return null;
        }
        if (!groups.contains(name)) {
            value.problem("no group " + Shown.value(name), NearestName.of(name, groups));
            return null;
        }
        return new Selector.InGroup(name);
    }

    private static @Nullable Selector range(ConfigValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        int slash = text.indexOf('/');
        InetAddress address = Network.address(slash < 0 ? text : text.substring(0, slash));
        int bits = address == null ? 0 : address.getAddress().length * 8;
        int prefix = slash < 0 ? bits : prefixLength(text.substring(slash + 1));
        if (address == null || prefix < 0 || prefix > bits) {
            value.problem(Shown.value(text) + " (expected: such as 10.0.0.0/8 or 2001:db8::1)");
            return null;
        }
        Selector.IpRange range = new Selector.IpRange(Network.first(address, prefix), prefix);
        if (!range.network().equals(address)) {
            value.problem(
                    Shown.value(text) + " has bits beyond its prefix length", Network.shown(range));
            return null;
        }
        return range;
    }

    private static int prefixLength(String text) {
        boolean number =
                !text.isEmpty()
                        && text.length() <= 3
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(text) : -1;
    }

    private static @Nullable Selector country(ConfigValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        String code = text.toUpperCase(Locale.ROOT);
        // Kosovo has no code of the standard; databases of countries have this one for it.
        if (!COUNTRIES.contains(code) && !code.equals("XK")) {
            value.problem(
                    Shown.value(text) + " (expected: a country of ISO 3166-1, such as DE)",
                    code.equals("UK") ? "GB" : null);
            return null;
        }
        return new Selector.Country(code);
    }

    private static @Nullable Selector named(ConfigValue value, Function<String, Selector> made) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (text.isBlank()) {
            value.problem("is empty (expected: a name)");
            return null;
        }
        return made.apply(text);
    }

    private static @Nullable Selector claim(ConfigValue value) {
        ConfigMap map = value.map();
        if (map == null) {
            return null;
        }
        String name = map.text("name");
        String wanted = map.text("value");
        if (!map.has("name") || !map.has("value")) {
            map.problem("", "lacks name or value (expected: {name: department, value: it})");
        }
        map.finish();
        return name == null || wanted == null ? null : new Selector.Claim(name, wanted);
    }

    private static @Nullable Selector nothing(ConfigValue value, Selector selector) {
        ConfigMap map = value.map();
        if (map == null) {
            return null;
        }
        map.finish();
        return selector;
    }
}
