package dev.culvert.policy;

import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes a selector as it is written in configuration, quotes aside. Stateless.
final class SelectorText {
    private SelectorText() {}

    static String of(Selector selector) {
        return switch (selector) {
            case Selector.Email(String address) -> "email: " + address;
            case Selector.EmailDomain(String domain) -> "email_domain: " + domain;
            case Selector.Everyone() -> "everyone";
            case Selector.InGroup(String group) -> "group: " + group;
            case Selector.IpRange range -> "ip: " + Network.shown(range);
            case Selector.Country(String code) -> "country: " + code;
            case Selector.ServiceToken(String name) -> "service_token: " + name;
            case Selector.AnyServiceToken() -> "any_valid_service_token";
            case Selector.AnyCertificate() -> "certificate";
            case Selector.CommonName(String name) -> "common_name: " + name;
            case Selector.LoginMethod(String name) -> "login_method: " + name;
            case Selector.AuthMethod(String amr) -> "auth_method: " + amr;
            case Selector.ProviderGroup(String group) -> "provider_group: " + group;
            case Selector.Claim(String name, String value) -> "oidc: " + name + " = " + value;
            case Selector.TimeWindow window -> "time: " + of(window);
        };
    }

    private static String of(Selector.TimeWindow window) {
        String days =
                window.days().size() == DayOfWeek.values().length
                        ? "every day"
                        : Arrays.stream(DayOfWeek.values())
                                .filter(window.days()::contains)
                                .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" "));
        return days + ", " + window.from() + " to " + window.to() + " " + window.zone();
    }
}
