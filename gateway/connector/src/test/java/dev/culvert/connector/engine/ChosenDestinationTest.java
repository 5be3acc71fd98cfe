package dev.culvert.connector.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.destination.CheckedDialler;
import dev.culvert.connector.destination.DestinationRules;
import dev.culvert.connector.destination.IpPrefix;
import dev.culvert.connector.destination.IpRule;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.protocols.socks.SocksRequest;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.NoLeaks;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `bastion`, `socks-proxy` and `proxyType: socks` against a service on a real socket.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ChosenDestinationTest {
    private static final byte[] GREETING = {5, 1, 0};
    private static final byte[] GREETED = {5, 0};
    private static final DialSettings SETTINGS = DialSettings.DEFAULT;
    private static EventLoops loops;

    private ServerSocket service;
    private EventLoop loop;
    private ByteUser user;

    @BeforeAll
    static void startLoops() {
        loops = new EventLoops("chosen", 1);
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @BeforeEach
    void listen() throws Exception {
        service = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        service.setSoTimeout(30_000);
        loop = loops.next();
        user = new ByteUser(loop);
    }

    @AfterEach
    void close() throws Exception {
        user.reset();
        user.awaitAllCredit();
        service.close();
    }

    private static IpRule allow(String prefix) {
        return new IpRule(IpPrefix.parse(prefix), Set.of(), true);
    }

    private static final List<IpRule> LOOPBACK = List.of(allow("127.0.0.0/8"));

    private CheckedDialler dialler(DestinationRules rules, CheckedDialler.Resolver resolver) {
        return new CheckedDialler(
                new Dialer(loops),
                rules,
                OwnListeners.NONE,
                new DialSettings(Duration.ofSeconds(5), Duration.ZERO, true),
                resolver);
    }

    private StreamTarget bastion(DestinationRules rules) {
        return new BastionTarget(dialler(rules, InetAddress::getAllByName), SETTINGS);
    }

    private StreamTarget socks(DestinationRules rules) {
        return new SocksTarget(dialler(rules, InetAddress::getAllByName), SETTINGS);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] receive(Socket peer, int count) throws Exception {
        peer.setSoTimeout(30_000);
        return peer.getInputStream().readNBytes(count);
    }

    private void nobodyCame() throws Exception {
        service.setSoTimeout(1);
        try (Socket somebody = service.accept()) {
            throw new AssertionError("dialled all the same: " + somebody);
        } catch (java.net.SocketTimeoutException e) {
            // As it should be.
        }
    }

    // ---- bastion

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:%d",
                "ssh://127.0.0.1:%d",
                "https://user:word@127.0.0.1:%d/path?query",
                "127.0.0.1:%d/path",
                "localhost:%d"
            })
    void aBastionLeadsWhereTheHeaderSays(String destination) throws Exception {
        user.open(
                bastion(DestinationRules.openWithoutRules(LOOPBACK)),
                "Cf-Access-Jump-Destination",
                destination.formatted(service.getLocalPort()));
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        try (Socket peer = service.accept()) {
            user.send("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(receive(peer, 5)).asString().isEqualTo("hello");
            peer.getOutputStream().write("there".getBytes(StandardCharsets.UTF_8));
            assertThat(user.awaitData(5)).asString().isEqualTo("there");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", ":22", "ssh://h",
                "::1:22", "[::1", "a b:22", "fe80::1%lo:22", "[fe80::1%lo]:22", "h:22\u0000",
                        "h:+2",
                "unix:/run/x", "//h:22"
            })
    void aDestinationThatIsNoneIsAnError(String destination) throws Exception {
        user.open(
                bastion(DestinationRules.openWithoutRules(null)),
                "Cf-Access-Jump-Destination",
                destination);
        assertThat(user.awaitResponse().status()).isEqualTo(502);
        assertThat(user.awaitResponse().failure().code()).isEqualTo(OriginFailure.Code.DESTINATION);
    }

    @Test
    void aBastionNeedsExactlyOneDestination() throws Exception {
        user.open(bastion(DestinationRules.openWithoutRules(null)));
        assertThat(user.awaitResponse().failure().code()).isEqualTo(OriginFailure.Code.DESTINATION);
        ByteUser second = new ByteUser(loop);
        second.open(
                bastion(DestinationRules.openWithoutRules(null)),
                "cf-access-jump-destination",
                "a:1",
                "cf-access-jump-destination",
                "b:1");
        assertThat(second.awaitResponse().failure().detail()).contains("named 2");
    }

    @Test
    void aBastionRefusesLoopbackUnlessARuleNamesIt() throws Exception {
        user.open(
                bastion(DestinationRules.openWithoutRules(null)),
                "Cf-Access-Jump-Destination",
                "127.0.0.1:" + service.getLocalPort());
        assertThat(user.awaitResponse().status()).isEqualTo(403);
        assertThat(user.awaitResponse().failure().code()).isEqualTo(OriginFailure.Code.DENIED);
        nobodyCame();
    }

    /// A name server that answers a harmless address first and loopback afterwards.
    @Test
    void aNameIsResolvedOnceAndTheCheckedAddressIsDialled() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CheckedDialler.Resolver rebinding =
                host ->
                        new InetAddress[] {
                            InetAddress.ofLiteral(
                                    asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1")
                        };
        DestinationRules onlyTheOther = DestinationRules.closed(List.of(allow("127.0.0.2/32")));
        user.open(
                new BastionTarget(dialler(onlyTheOther, rebinding), SETTINGS),
                "Cf-Access-Jump-Destination",
                "rebinding.example:" + service.getLocalPort());
        // Nothing listens at 127.0.0.2.
        assertThat(user.awaitResponse().failure().code()).isEqualTo(OriginFailure.Code.REFUSED);
        assertThat(asked).hasValue(1);
        nobodyCame();
    }

    @Test
    void onlyThePermittedAddressesOfANameAreDialled() throws Exception {
        CheckedDialler.Resolver several =
                host ->
                        new InetAddress[] {
                            InetAddress.ofLiteral("::1"),
                            InetAddress.ofLiteral("169.254.169.254"),
                            InetAddress.ofLiteral("127.0.0.3"),
                            InetAddress.ofLiteral("127.0.0.1")
                        };
        user.open(
                new BastionTarget(dialler(DestinationRules.closed(LOOPBACK), several), SETTINGS),
                "Cf-Access-Jump-Destination",
                "several.example:" + service.getLocalPort());
        // 127.0.0.3 refuses, and the next one is tried.
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        service.accept().close();
    }

    @Test
    void anUnknownNameIsSaidToBeOne() throws Exception {
        user.open(
                new BastionTarget(
                        dialler(
                                DestinationRules.openWithoutRules(null),
                                host -> {
                                    throw new UnknownHostException(host);
                                }),
                        SETTINGS),
                "Cf-Access-Jump-Destination",
                "nowhere.example:22");
        assertThat(user.awaitResponse().failure().code())
                .isEqualTo(OriginFailure.Code.UNKNOWN_NAME);
    }

    // ---- socks-proxy

    private byte[] request(String host) {
        return new SocksRequest(host, service.getLocalPort()).encode();
    }

    private void awaitAnswer(int code) {
        assertThat(user.awaitData(12))
                .isEqualTo(joined(GREETED, new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0}));
    }

    @Test
    void socksCarriesExactBytesBothWaysAndEndsInHalves() throws Exception {
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        user.send(GREETING);
        assertThat(user.awaitData(2)).isEqualTo(GREETED);
        user.send(request("127.0.0.1"));
        awaitAnswer(0);
        byte[] up = noise(3_000_001);
        byte[] down = noise(2_000_003);
        try (Socket peer = service.accept()) {
            Thread sending =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    peer.getOutputStream().write(down);
                                    peer.shutdownOutput();
                                } catch (java.io.IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
            Thread reading =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    user.send(up);
                                    user.endData();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            assertThat(receive(peer, up.length)).isEqualTo(up);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            byte[] all = user.awaitDataEnd();
            assertThat(Arrays.copyOfRange(all, 12, all.length)).isEqualTo(down);
            sending.join();
            reading.join();
        }
        assertThat(user.awaitClose()).isEqualTo(CloseCode.NORMAL);
    }

    /// A client that does not wait for answers, and ends at once.
    @Test
    void socksTakesEverythingInOneMessage() throws Exception {
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        user.send(joined(GREETING, request("127.0.0.1"), new byte[] {1, 2, 3}));
        user.endData();
        try (Socket peer = service.accept()) {
            assertThat(receive(peer, 4)).containsExactly(1, 2, 3);
            peer.getOutputStream().write(9);
        }
        assertThat(user.awaitDataEnd()).endsWith(9).hasSize(13);
        assertThat(user.awaitClose()).isEqualTo(CloseCode.NORMAL);
    }

    @Test
    void socksTakesBytesOneByOne() throws Exception {
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        for (byte each : joined(GREETING, request("localhost"), new byte[] {7})) {
            user.send(new byte[] {each});
        }
        try (Socket peer = service.accept()) {
            assertThat(receive(peer, 1)).containsExactly(7);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 2", "localhost, 2", "10.0.0.1, 2"})
    void socksWithoutRulesRefusesEverything(String host, int code) throws Exception {
        user.open(socks(DestinationRules.closed(null)));
        user.send(joined(GREETING, request(host)));
        awaitAnswer(code);
        assertThat(user.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
        assertThat(user.closeReason()).contains("do not permit");
        nobodyCame();
    }

    @Test
    void socksSaysThatNobodyListens() throws Exception {
        service.close();
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        user.send(joined(GREETING, request("127.0.0.1")));
        awaitAnswer(5);
        assertThat(user.awaitClose()).isEqualTo(CloseCode.BAD_GATEWAY);
    }

    @Test
    void socksSaysThatANameIsUnknown() throws Exception {
        user.open(
                new SocksTarget(
                        dialler(
                                DestinationRules.closed(LOOPBACK),
                                host -> {
                                    throw new UnknownHostException(host);
                                }),
                        SETTINGS));
        user.send(joined(GREETING, request("nowhere.example")));
        awaitAnswer(4);
    }

    @ParameterizedTest
    @CsvSource({
        "474554202f, ''",
        "04010016, ''",
        "050102, 05ff",
        "050100050200010a0000050016, 050005070001000000000000",
        "05010005010002, 0500",
        "0501000501000200, 050005080001000000000000"
    })
    void socksEndsAfterWhatIsNoRequest(String sent, String answered) throws Exception {
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        user.send(HexFormat.of().parseHex(sent));
        boolean whole = !answered.equals("0500");
        if (!whole) {
            user.endData();
        }
        assertThat(user.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
        assertThat(user.awaitData(0)).isEqualTo(HexFormat.of().parseHex(answered));
        nobodyCame();
    }

    @Test
    void aSocksClientThatGoesLeavesNothing() throws Exception {
        user.open(socks(DestinationRules.closed(LOOPBACK)));
        user.send(joined(GREETING, request("127.0.0.1"), noise(100_000)));
        user.reset();
        user.awaitAllCredit();
        ByteUser silent = new ByteUser(loop).open(socks(DestinationRules.closed(LOOPBACK)));
        silent.end();
        silent.awaitAllCredit();
    }

    // ---- proxyType: socks

    @Test
    void aServiceBehindSocksIsReachedWhateverTheClientAsksFor() throws Exception {
        ByteOrigin origin =
                new ByteOrigin() {
                    @Override
                    public Endpoint endpoint() {
                        return new Endpoint.Tcp("127.0.0.1", service.getLocalPort());
                    }

                    @Override
                    public DialSettings dialling() {
                        return SETTINGS;
                    }
                };
        user.open(new ByteOriginTarget(origin, new Dialer(loops), true));
        assertThat(user.awaitResponse().status()).isEqualTo(101);
        try (Socket peer = service.accept()) {
            // The service speaks first; the client hears it after its SOCKS answers.
            peer.getOutputStream().write("SSH-2.0-x".getBytes(StandardCharsets.UTF_8));
            user.send(joined(GREETING, new SocksRequest("kubernetes.example", 443).encode()));
            user.send("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(receive(peer, 5)).asString().isEqualTo("hello");
            byte[] all = user.awaitData(21);
            assertThat(new String(all, 12, 9, StandardCharsets.UTF_8)).isEqualTo("SSH-2.0-x");
            user.endData();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(user.awaitClose()).isEqualTo(CloseCode.NORMAL);
    }

    @Test
    void aServiceBehindSocksIsLeftWhenTheClientSpeaksSomethingElse() throws Exception {
        ByteOrigin origin =
                new ByteOrigin() {
                    @Override
                    public Endpoint endpoint() {
                        return new Endpoint.Tcp("127.0.0.1", service.getLocalPort());
                    }

                    @Override
                    public DialSettings dialling() {
                        return SETTINGS;
                    }
                };
        user.open(new ByteOriginTarget(origin, new Dialer(loops), true));
        try (Socket peer = service.accept()) {
            user.send("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8));
            assertThat(receive(peer, 1)).isEmpty();
        }
        assertThat(user.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
    }
}
