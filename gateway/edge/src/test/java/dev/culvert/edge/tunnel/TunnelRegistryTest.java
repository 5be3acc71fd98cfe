package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.testing.NoLeaks;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class TunnelRegistryTest {
    private final UUID tunnel = UUID.randomUUID();
    private final TunnelRegistry registry = new TunnelRegistry();
    private final List<JoinedTunnel> made = new ArrayList<>();
    private final EmbeddedChannel client = new EmbeddedChannel();

    @AfterEach
    void close() {
        made.forEach(JoinedTunnel::close);
        client.close();
    }

    private JoinedTunnel connection(int index, int load) {
        JoinedTunnel joined = new JoinedTunnel(tunnel, index).in(registry);
        made.add(joined);
        for (int i = 0; i < load; i++) {
            StreamRequest request =
                    new StreamRequest(
                            StreamKind.HTTP, "GET", "a.test", "/", new HeaderList(), false);
            joined.connection().carrier().open(request, DeadPeer.INSTANCE, joined.loop());
        }
        assertThat(joined.connection().carrier().load()).isEqualTo(load);
        return joined;
    }

    private TunnelConnection choose(EventLoop loop) {
        return registry.choose(tunnel, loop, null);
    }

    @Test
    void takesTheLeastLoadedConnection() {
        connection(0, 3);
        JoinedTunnel idle = connection(1, 1);
        connection(2, 2);
        assertThat(choose(client.eventLoop())).isSameAs(idle.connection());
    }

    @Test
    void prefersTheCallersLoopUpToEightStreamsMore() {
        JoinedTunnel own = connection(0, 8);
        JoinedTunnel idle = connection(1, 0);
        assertThat(choose(own.loop())).isSameAs(own.connection());
        connection(2, 0);
        own.connection()
                .carrier()
                .open(
                        new StreamRequest(
                                StreamKind.HTTP, "GET", "a.test", "/", new HeaderList(), true),
                        DeadPeer.INSTANCE,
                        own.loop());
        assertThat(choose(own.loop())).isSameAs(idle.connection());
    }

    @Test
    void skipsTheOneThatRefused() {
        JoinedTunnel refused = connection(0, 0);
        JoinedTunnel other = connection(1, 5);
        assertThat(registry.choose(tunnel, refused.loop(), refused.connection()))
                .isSameAs(other.connection());
        registry.remove(other.connection());
        assertThat(registry.choose(tunnel, refused.loop(), refused.connection())).isNull();
    }

    @Test
    void aDoubtedConnectionIsTheLastResort() {
        JoinedTunnel doubted = connection(0, 0);
        JoinedTunnel busy = connection(1, 50);
        registry.doubt(doubted.connection(), true);
        assertThat(choose(doubted.loop())).isSameAs(busy.connection());
        registry.doubt(busy.connection(), true);
        assertThat(choose(doubted.loop())).as("better than none").isSameAs(doubted.connection());
        registry.doubt(busy.connection(), false);
        assertThat(choose(doubted.loop())).isSameAs(busy.connection());
    }

    @Test
    void skipsConnectionsThatTakeNoStreams() {
        JoinedTunnel leaving = connection(0, 0);
        JoinedTunnel busy = connection(1, 5);
        leaving.connection().carrier().stopOpening();
        assertThat(choose(leaving.loop())).isSameAs(busy.connection());
        busy.cut();
        assertThat(choose(client.eventLoop())).isNull();
    }

    @Test
    void knowsNothingOfOtherTunnels() {
        connection(0, 0);
        assertThat(registry.choose(UUID.randomUUID(), client.eventLoop(), null)).isNull();
    }

    @Test
    void takesNoMoreThanTheLimitButReplacesAtTheLimit() {
        List<TunnelConnection> all = new ArrayList<>();
        for (int i = 0; i < TunnelRegistry.MAX_CONNECTIONS; i++) {
            JoinedTunnel joined = new JoinedTunnel(tunnel, i);
            made.add(joined);
            assertThat(registry.add(joined.connection())).isTrue();
            all.add(joined.connection());
        }
        JoinedTunnel more = new JoinedTunnel(tunnel, TunnelRegistry.MAX_CONNECTIONS);
        JoinedTunnel again = new JoinedTunnel(tunnel, 7);
        made.add(more);
        made.add(again);
        assertThat(registry.add(more.connection())).isFalse();
        assertThat(registry.add(again.connection())).isTrue();
        assertThat(registry.size()).isEqualTo(TunnelRegistry.MAX_CONNECTIONS);
        assertThat(registry.connections())
                .contains(again.connection())
                .doesNotContain(all.get(7), more.connection());
        made.get(7).turn();
        assertThat(all.get(7).carrier().isOpen()).isFalse();
    }

    @Test
    void forgetsATunnelWithoutConnections() {
        JoinedTunnel only = connection(0, 0);
        assertThat(registry.remove(only.connection())).isTrue();
        assertThat(registry.remove(only.connection())).isFalse();
        assertThat(registry.size()).isZero();
        assertThat(registry.connections()).isEmpty();
    }
}
