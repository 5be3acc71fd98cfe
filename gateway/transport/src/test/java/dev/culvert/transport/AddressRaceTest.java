package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.transport.testing.Eventually;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class AddressRaceTest {
    private final EventLoops loops = new EventLoops("race", 1);
    private final EventLoop loop = loops.next();
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final Promise<Channel> result = loop.newPromise();

    private record Attempt(
            InetAddress address, Duration time, Channel channel, ChannelPromise promise, long at) {}

    @AfterEach
    void stop() {
        loops.close();
    }

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    private ChannelFuture connect(InetAddress address, Duration time) {
        EmbeddedChannel channel = new EmbeddedChannel();
        ChannelPromise promise = channel.newPromise();
        channel.closeFuture().addListener(closed -> promise.tryFailure(new IOException("closed")));
        attempts.add(new Attempt(address, time, channel, promise, System.nanoTime()));
        return promise;
    }

    private void start(boolean race, Duration time, String... addresses) throws Exception {
        List<InetAddress> list = new ArrayList<>();
        for (String text : addresses) {
            list.add(address(text));
        }
        long deadline = System.nanoTime() + time.toNanos();
        new AddressRace(list, race, deadline, loop, this::connect, result).start();
    }

    private Attempt attempt(int index) {
        Eventually.until("attempt " + index, () -> attempts.size() > index);
        return attempts.get(index);
    }

    private void fail(Attempt attempt, String why) {
        loop.execute(() -> attempt.promise.tryFailure(new IOException(why)));
    }

    private void succeed(Attempt attempt) {
        loop.execute(attempt.promise::trySuccess);
    }

    @Test
    void takesTheFamiliesInTurnWithSixFirst() throws Exception {
        List<InetAddress> resolved =
                List.of(
                        address("10.0.0.1"),
                        address("10.0.0.2"),
                        address("10.0.0.3"),
                        address("2001:db8::1"),
                        address("2001:db8::2"));
        assertThat(AddressRace.ordered(resolved))
                .containsExactly(
                        address("2001:db8::1"),
                        address("10.0.0.1"),
                        address("2001:db8::2"),
                        address("10.0.0.2"),
                        address("10.0.0.3"));
    }

    @Test
    void aSilentAddressIsOvertakenAndClosed() throws Exception {
        start(true, Duration.ofSeconds(20), "2001:db8::1", "10.0.0.1", "10.0.0.2");
        Attempt silent = attempt(0);
        Attempt second = attempt(1);
        assertThat(Duration.ofNanos(second.at - silent.at)).isGreaterThan(Duration.ofMillis(200));

        succeed(second);

        assertThat(result.await().getNow()).isSameAs(second.channel);
        Eventually.until("the silent one is closed", () -> !silent.channel.isOpen());
        assertThat(second.channel.isOpen()).isTrue();
        assertThat(attempts.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void aFailedAddressIsFollowedAtOnceAndTheLastFailureTold() throws Exception {
        for (boolean race : new boolean[] {true, false}) {
            attempts.clear();
            Promise<Channel> told = loop.newPromise();
            List<InetAddress> list = List.of(address("10.0.0.1"), address("10.0.0.2"));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            new AddressRace(list, race, deadline, loop, this::connect, told).start();
            fail(attempt(0), "first");
            fail(attempt(1), "second");

            assertThat(told.await().cause()).hasMessage("second");
        }
    }

    @Test
    void inTurnNobodyIsOvertakenAndTheTimeIsShared() throws Exception {
        start(false, Duration.ofSeconds(20), "10.0.0.1", "10.0.0.2");
        Attempt first = attempt(0);
        assertThat(first.time).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
        long later = AddressRace.STAGGER.multipliedBy(2).toMillis();
        loop.schedule(() -> {}, later, java.util.concurrent.TimeUnit.MILLISECONDS).sync();
        assertThat(attempts).hasSize(1);

        fail(first, "no");

        assertThat(attempt(1).time).isGreaterThan(Duration.ofSeconds(15));
        succeed(attempt(1));
        assertThat(result.await().isSuccess()).isTrue();
    }

    @Test
    void aRaceThatIsGivenUpLeavesNothingOpen() throws Exception {
        start(true, Duration.ofSeconds(20), "10.0.0.1", "10.0.0.2", "10.0.0.3");
        Attempt first = attempt(0);
        Attempt second = attempt(1);

        result.cancel(false);

        Eventually.until(
                "both are closed", () -> !first.channel.isOpen() && !second.channel.isOpen());
        assertThat(attempts).hasSizeLessThanOrEqualTo(3);
    }
}
