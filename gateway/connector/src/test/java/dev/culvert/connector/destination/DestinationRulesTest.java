package dev.culvert.connector.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationRulesTest {
    private static InetAddress address(String text) throws Exception {
        return InetAddress.ofLiteral(text);
    }

    private static IpRule rule(boolean allow, String prefix, Integer... ports) {
        return new IpRule(IpPrefix.of(prefix), Set.of(ports), allow);
    }

    private static boolean allows(DestinationRules rules, String address, int port)
            throws Exception {
        return rules.refusal(address(address), port, OwnListeners.NONE) == null;
    }

    private static final List<IpRule> EVERYTHING =
            List.of(rule(true, "0.0.0.0/0"), rule(true, "::/0"));

    /// Every spelling of a place that a stranger must not be led to.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "169.254.0.1",
                "169.254.169.254",
                "fd00:ec2::254",
                "100.100.100.200",
                "fe80::1",
                "febf::1",
                "224.0.0.1",
                "239.255.255.255",
                "ff02::1",
                "255.255.255.255",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::127.0.0.1",
                "::169.254.169.254",
                "64:ff9b::127.0.0.1",
                "64:ff9b::169.254.169.254",
                "64:ff9b::0.0.0.0",
                "64:ff9b:1::a00:1",
                "2002:7f00:1::1",
                "2002:a9fe:a9fe::"
            })
    void noBroadRuleLeadsToAGuardedAddress(String guarded) throws Exception {
        assertThat(allows(DestinationRules.openWithoutRules(null), guarded, 80)).isFalse();
        assertThat(allows(DestinationRules.closed(EVERYTHING), guarded, 80)).isFalse();
        assertThat(allows(DestinationRules.openWithoutRules(EVERYTHING), guarded, 80)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.5",
                "192.168.1.1",
                "128.0.0.1",
                "126.255.255.255",
                "169.253.255.255",
                "169.255.0.0",
                "1.0.0.0",
                "223.255.255.255",
                "fd00:ec2::253",
                "fec0::1",
                "2001:db8::1",
                "::2.3.4.5",
                "64:ff9b::10.0.0.5",
                "2002:a00:5::1"
            })
    void everythingElseIsOpenBehindABastionWithoutRules(String open) throws Exception {
        assertThat(allows(DestinationRules.openWithoutRules(null), open, 22)).isTrue();
        assertThat(allows(DestinationRules.closed(EVERYTHING), open, 22)).isTrue();
        assertThat(allows(DestinationRules.closed(null), open, 22)).isFalse();
        assertThat(allows(DestinationRules.openWithoutRules(List.of()), open, 22)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.0.0.1, true",
        "127.0.0.1/32, 127.0.0.1, true",
        "127.0.0.1/32, 127.0.0.2, false",
        "127.0.0.0/7, 127.0.0.1, false",
        "::ffff:127.0.0.0/104, 127.0.0.1, true",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "::1/128, ::1, true",
        "::/127, ::1, false",
        "169.254.0.0/16, 169.254.1.1, true",
        "169.254.0.0/16, 169.254.169.254, false",
        "169.254.169.254/32, 169.254.169.254, true",
        "fe80::/10, fe80::1, true",
        "fe80::/9, fe80::1, false",
        "64:ff9b::/96, 64:ff9b::127.0.0.1, false",
    })
    void aGuardedAddressIsOpenedByARuleThatNamesIt(String prefix, String address, boolean allowed)
            throws Exception {
        DestinationRules rules = DestinationRules.closed(List.of(rule(true, prefix)));
        assertThat(allows(rules, address, 80)).isEqualTo(allowed);
    }

    @Test
    void theFirstMatchWins() throws Exception {
        DestinationRules rules =
                DestinationRules.closed(
                        List.of(
                                rule(false, "10.0.0.0/24"),
                                rule(true, "10.0.0.0/8", 22, 443),
                                rule(true, "0.0.0.0/0", 80),
                                rule(true, "127.0.0.1/32", 80)));
        assertThat(allows(rules, "10.0.0.9", 22)).isFalse();
        assertThat(allows(rules, "10.0.1.9", 22)).isTrue();
        assertThat(allows(rules, "10.0.1.9", 23)).isFalse();
        assertThat(allows(rules, "8.8.8.8", 80)).isTrue();
        // The broad rule before does not hide the one that names it.
        assertThat(allows(rules, "127.0.0.1", 80)).isTrue();
        assertThat(allows(rules, "127.0.0.1", 81)).isFalse();
    }

    @Test
    void aWrappedAddressDoesNotPassByTheRuleAgainstThePlainOne() throws Exception {
        DestinationRules rules =
                DestinationRules.closed(
                        List.of(
                                rule(false, "10.0.0.0/8"),
                                rule(true, "::/0"),
                                rule(true, "0.0.0.0/0")));
        assertThat(allows(rules, "64:ff9b::10.0.0.1", 22)).isFalse();
        assertThat(allows(rules, "64:ff9b::11.0.0.1", 22)).isTrue();
    }

    @Test
    void ownListenersNeedARuleForAddressAndPort() throws Exception {
        OwnListeners own = (address, port) -> port == 20241;
        InetAddress here = address("192.168.1.5");
        assertThat(DestinationRules.openWithoutRules(null).refusal(here, 20241, own))
                .contains("own listener");
        assertThat(DestinationRules.openWithoutRules(null).refusal(here, 22, own)).isNull();
        assertThat(
                        DestinationRules.closed(List.of(rule(true, "192.168.1.5/32")))
                                .refusal(here, 20241, own))
                .isNotNull();
        assertThat(
                        DestinationRules.closed(List.of(rule(true, "192.168.0.0/16", 20241)))
                                .refusal(here, 20241, own))
                .isNotNull();
        assertThat(
                        DestinationRules.closed(List.of(rule(true, "192.168.1.5/32", 20241)))
                                .refusal(here, 20241, own))
                .isNull();
    }

    @Test
    void aListenerOnEveryAddressIsOwnOnEachOfThem() throws Exception {
        OwnListeners all =
                OwnListeners.of(List.of(new java.net.InetSocketAddress("0.0.0.0", 20241)));
        assertThat(all.include(address("127.0.0.1"), 20241)).isTrue();
        assertThat(all.include(address("127.0.0.1"), 20242)).isFalse();
        assertThat(all.include(address("192.0.2.77"), 20241)).isFalse();
        OwnListeners one =
                OwnListeners.of(List.of(new java.net.InetSocketAddress("127.0.0.2", 20241)));
        assertThat(one.include(address("127.0.0.2"), 20241)).isTrue();
        assertThat(one.include(address("127.0.0.1"), 20241)).isFalse();
    }

    // ---- against a slow evaluator

    /// Addresses as numbers of 128 bits, IPv4 ones at ::ffff:0:0/96, blocks as their first and last.
    private static final class Slow {
        private static final BigInteger V4 = BigInteger.valueOf(0xffff).shiftLeft(32);

        record Block(BigInteger first, BigInteger last) {
            boolean has(BigInteger n) {
                return first.compareTo(n) <= 0 && n.compareTo(last) <= 0;
            }

            boolean isIn(Block o) {
                return o.has(first) && o.has(last);
            }
        }

        static BigInteger number(String text) {
            byte[] bytes = InetAddress.ofLiteral(text).getAddress();
            BigInteger n = new BigInteger(1, bytes);
            return bytes.length == 4 ? n.add(V4) : n;
        }

        static Block block(String prefix) {
            String[] parts = prefix.split("/");
            int width = parts[0].contains(":") ? 128 : 32;
            BigInteger size = BigInteger.ONE.shiftLeft(width - Integer.parseInt(parts[1]));
            BigInteger n = number(parts[0]);
            BigInteger first = n.subtract(n.mod(size));
            return new Block(first, first.add(size).subtract(BigInteger.ONE));
        }

        private static final String[] GUARDED = {
            "169.254.169.254/32",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
            "127.0.0.0/8",
            "0.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/4",
            "255.255.255.255/32",
            "::/128",
            "::1/128",
            "fe80::/10",
            "ff00::/8",
            "64:ff9b:1::/48"
        };

        static boolean allows(List<Plain> rules, boolean otherwise, BigInteger n, int port) {
            if (!one(rules, otherwise, n, port)) {
                return false;
            }
            for (String wrapping : new String[] {"64:ff9b::/96", "2002::/16", "::/96"}) {
                if (block(wrapping).has(n)
                        && !n.equals(BigInteger.ZERO)
                        && !n.equals(BigInteger.ONE)) {
                    BigInteger inner = wrapping.equals("2002::/16") ? n.shiftRight(80) : n;
                    return one(
                            rules,
                            otherwise,
                            inner.mod(BigInteger.ONE.shiftLeft(32)).add(V4),
                            port);
                }
            }
            return true;
        }

        private static boolean one(List<Plain> rules, boolean otherwise, BigInteger n, int port) {
            List<Block> around = new ArrayList<>();
            for (String guarded : GUARDED) {
                if (block(guarded).has(n)) {
                    around.add(block(guarded));
                }
            }
            for (Plain rule : rules) {
                boolean sameFamily = rule.prefix.contains(":") != block("0.0.0.0/0").has(n);
                boolean match =
                        sameFamily
                                && block(rule.prefix).has(n)
                                && (rule.ports.isEmpty() || rule.ports.contains(port));
                if (match && !rule.allow) {
                    return false;
                }
                if (match && around.stream().allMatch(block(rule.prefix)::isIn)) {
                    return true;
                }
            }
            return otherwise && around.isEmpty();
        }
    }

    private record Plain(boolean allow, String prefix, Set<Integer> ports) {}

    private static String near(Random random) {
        String[] places = {
            "127.0.0.1",
            "169.254.169.254",
            "169.254.1.1",
            "10.0.0.1",
            "0.0.0.0",
            "224.0.0.9",
            "255.255.255.255",
            "8.8.8.8",
            "::1",
            "::",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::10.0.0.1",
            "::127.0.0.1"
        };
        byte[] bytes = InetAddress.ofLiteral(places[random.nextInt(places.length)]).getAddress();
        if (random.nextInt(3) == 0) {
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (0x80 >> bit % 8);
        }
        return NetUtil.bytesToIpAddress(bytes);
    }

    @Test
    void decidesAsASlowEvaluatorDoesOverRandomRules() throws Exception {
        Random random = new Random(20_261_125);
        int allowed = 0;
        int asked = 0;
        for (int round = 0; round < 2_000; round++) {
            List<Plain> plain = new ArrayList<>();
            List<IpRule> rules = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String at = near(random);
                int width = at.contains(":") ? 128 : 32;
                int bits = random.nextBoolean() ? width - random.nextInt(33) : random.nextInt(33);
                Plain rule =
                        new Plain(
                                random.nextInt(3) > 0,
                                at + "/" + bits,
                                random.nextInt(4) > 0 ? Set.of() : Set.of(22 + random.nextInt(2)));
                plain.add(rule);
                rules.add(rule(rule.allow, rule.prefix, rule.ports.toArray(Integer[]::new)));
            }
            boolean otherwise = random.nextBoolean();
            DestinationRules fast = new DestinationRules(rules, otherwise);
            for (int i = 0; i < 20; i++) {
                String at = near(random);
                int port = 22 + random.nextInt(2);
                boolean expected = Slow.allows(plain, otherwise, Slow.number(at), port);
                asked++;
                allowed += expected ? 1 : 0;
                assertThat(allows(fast, at, port))
                        .as("%s port %s by %s otherwise %s", at, port, plain, otherwise)
                        .isEqualTo(expected);
            }
        }
        assertThat(allowed).as("both outcomes occur often").isBetween(asked / 10, asked * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0/8",
                "::/129",
                "fe80::1%lo/10",
                "[::1]/128",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "a/8",
                "0x7f.0.0.1/8",
                "127.1/8"
            })
    void rejectsWhatIsNoPrefix(String text) {
        assertThat(IpPrefix.parse(text)).isNull();
    }
}
