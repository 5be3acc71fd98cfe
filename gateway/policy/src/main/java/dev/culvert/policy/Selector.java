package dev.culvert.policy;

import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/// One condition on a caller. In configuration a map of one key, named as in Cloudflare's API where it
/// has the selector.
public sealed interface Selector {
    /// As in configuration, on one line.
    default String shown() {
        return SelectorText.of(this);
    }

    /// `email: ann@example.com`. In lower case.
    record Email(String address) implements Selector {}

    /// `email_domain: example.com`. In lower case; no subdomains.
    record EmailDomain(String domain) implements Selector {}

    /// `everyone: {}`. Everyone: an allow policy still asks them to sign in.
    record Everyone() implements Selector {}

    /// `group: staff`, a group of the access rules.
    record InGroup(String group) implements Selector {}

    /// `ip: 10.0.0.0/8`, or a single address.
    record IpRange(InetAddress network, int prefixLength) implements Selector {}

    /// `country: DE`. Upper case; false while there is no country database.
    record Country(String code) implements Selector {}

    /// `service_token: ci`, by name.
    record ServiceToken(String name) implements Selector {}

    /// `any_valid_service_token: {}`.
    record AnyServiceToken() implements Selector {}

    /// `certificate: {}`: any client certificate that was verified.
    record AnyCertificate() implements Selector {}

    /// `common_name: laptop-7`, of the client certificate.
    record CommonName(String name) implements Selector {}

    /// `login_method: okta`.
    record LoginMethod(String name) implements Selector {}

    /// `auth_method: mfa`, a value of RFC 8176.
    record AuthMethod(String amr) implements Selector {}

    /// `provider_group: admins`, a group the identity provider names.
    record ProviderGroup(String group) implements Selector {}

    /// `oidc: {name: department, value: it}`, a claim of the identity provider.
    record Claim(String name, String value) implements Selector {}

    /// `time: {days: [mon, tue], from: "08:00", to: "18:00", zone: Europe/Berlin}`. `to` before `from`
    /// reaches into the next day, which counts to the day it began on.
    record TimeWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone)
            implements Selector {
        public TimeWindow {
            days = Set.copyOf(days);
        }
    }
}
