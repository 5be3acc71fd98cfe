package dev.culvert.connector.destination;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which destinations clients may choose: the one place for `bastion` and `socks-proxy`.
///
/// ### The decision
///
/// The first rule that matches address and port wins. Without a match a destination is allowed only
/// where no rules were given and the service permits that (`bastion`; never `socks-proxy`).
///
/// A guarded address ([GuardedBlock]) is allowed only by a rule that names it: one whose prefix lies
/// within the guarded block. To broader rules that allow, it is as if they did not match; rules that
/// deny always count. The connector's own listeners need a rule for exactly their address and port.
///
/// An IPv6 address that wraps an IPv4 one must be allowed itself, and so must the address it wraps.
///
/// Addresses are judged after names were resolved, and the judged address is the one dialled.
///
/// Immutable.
public final class DestinationRules {
    /// At most so many rules.
    public static final int MAX_RULES = 1000;

    private final List<IpRule> rules;
    private final boolean otherwise;

    /// @param rules in order
    /// @param otherwise whether what no rule matches is allowed
    DestinationRules(List<IpRule> rules, boolean otherwise) {
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
    }

    /// For `socks-proxy`: without rules nothing is allowed.
    ///
    /// @param rules null when the key is absent
    public static DestinationRules closed(@Nullable List<IpRule> rules) {
        return new DestinationRules(rules == null ? List.of() : rules, false);
    }

    /// For `bastion`: without the key everything that is not guarded is allowed, as in cloudflared.
    ///
    /// @param rules null when the key is absent
    public static DestinationRules openWithoutRules(@Nullable List<IpRule> rules) {
        return rules == null ? new DestinationRules(List.of(), true) : closed(rules);
    }

    /// @return null when allowed, else why not: one line for the log
    @Nullable String refusal(InetAddress address, int port, OwnListeners own) {
        byte[] bytes = IpPrefix.unmapped(address.getAddress());
        String refusal = refusal(bytes, port, own);
        byte[] wrapped = refusal == null ? GuardedBlock.wrapped(bytes) : null;
        return wrapped == null ? refusal : refusal(wrapped, port, own);
    }

    private @Nullable String refusal(byte[] address, int port, OwnListeners own) {
        GuardedBlock guarded = GuardedBlock.of(address);
        boolean isOwn = own.include(inet(address), port);
        for (IpRule rule : rules) {
            if (!rule.matches(address, port)) {
                continue;
            }
            if (!rule.allow()) {
                return text(address) + " is refused by the rule \"" + rule + "\"";
            }
            boolean named = guarded == null || rule.prefix().isWithin(guarded.block());
            if (named && (!isOwn || isExact(rule))) {
                return null;
            }
        }
        if (isOwn) {
            return text(address)
                    + " is this connector's own listener (ipRules must name address and port)";
        }
        if (guarded != null) {
            return text(address)
                    + " is "
                    + guarded.what()
                    + " (ipRules must name it: a prefix within "
                    + guarded.block()
                    + ")";
        }
        return otherwise ? null : "no rule allows " + text(address) + " port " + port;
    }

    private static boolean isExact(IpRule rule) {
        return rule.prefix().isSingleAddress() && !rule.ports().isEmpty();
    }

    private static InetAddress inet(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }

    private static String text(byte[] address) {
        return NetUtil.bytesToIpAddress(address);
    }
}
