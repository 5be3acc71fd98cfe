package dev.culvert.connector.engine;

import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.http2.Http2Link;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The HTTP/2 connections to one origin, shared by the streams of an event loop that ask for the same
/// TLS name. Another one is dialled when those there are take no more streams; streams that come while
/// it is dialled wait for it, at most [#MAX_WAITING] for one.
///
/// A connection the origin has sent GOAWAY on, or that is closed, takes no new stream. An idle one counts
/// among the origin's idle connections and is closed after their time.
///
/// An origin may turn out to speak HTTP/1.1 only. Then each stream has a connection of its own, kept ones
/// first; a new one is asked again for HTTP/2.
///
/// Thread-safe; what belongs to a loop is confined to it.
final class Http2Origins {
    private static final int MAX_WAITING = 100;

    /// For the streams of a connection that takes no new ones: how long they last is the origin's affair.
    private static final Duration LAST_STREAMS_WITHIN = Duration.ofDays(1);

    private static final Duration IDLE_LEAVES_WITHIN = Duration.ofSeconds(5);

    /// A stream that needs a connection. Called on its loop, one of the three, once.
    interface Taker {
        boolean isGone();

        /// @param reused whether other streams were on it before
        void http2(Http2Link link, boolean reused);

        void http1(HttpOriginChannel channel);

        void failed(Throwable cause);
    }

    private final HttpOriginDialer dialer;
    private final IdleConnections idle;
    private final Map<EventLoop, Map<String, Group>> groups = new ConcurrentHashMap<>();
    private volatile boolean speaksHttp1;

    Http2Origins(HttpOriginDialer dialer, IdleConnections idle) {
        this.dialer = dialer;
        this.idle = idle;
    }

    /// @param tlsName as [HttpOriginTarget#tlsName] says
    void take(EventLoop loop, String tlsName, Taker taker) {
        Group group =
                groups.computeIfAbsent(loop, any -> new HashMap<>())
                        .computeIfAbsent(tlsName, name -> new Group(loop, name));
        group.take(taker);
        group.forgetIfUnused();
    }

    /// Closes the connections that are idle; the others follow when they are.
    void closeIdle() {
        groups.forEach((loop, own) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(() -> {
                    for (Group group : List.copyOf(own.values())) {
                        List.copyOf(group.links).forEach(Shared::retireIfIdle);
                    }
                });
            }
        });
    }

    /// Connections of one loop for one name.
    private final class Group {
        private final EventLoop loop;
        private final String name;
        private final List<Shared> links = new ArrayList<>(2);
        private @Nullable List<Taker> waiting;
        private int dials;

        Group(EventLoop loop, String name) {
            this.loop = loop;
            this.name = name;
        }

        void take(Taker taker) {
            for (Shared shared : links) {
                if (shared.give(taker)) {
                    return;
                }
            }
            if (speaksHttp1) {
                HttpOriginChannel kept = idle.take(loop, name);
                if (kept != null) {
                    taker.http1(kept);
                    return;
                }
                dial(new ArrayList<>(List.of(taker)));
                return;
            }
            List<Taker> others = waiting;
            if (others == null || others.size() >= MAX_WAITING) {
                others = new ArrayList<>();
                waiting = others;
                others.add(taker);
                dial(others);
            } else {
                others.add(taker);
            }
        }

        private void dial(List<Taker> takers) {
            dials++;
            Shared shared = new Shared(this);
            Promise<OriginConnection> dial = dialer.dial(name, true, loop, shared);
            dial.addListener(done -> {
                dials--;
                if (waiting == takers) {
                    waiting = null;
                }
                takers.removeIf(Taker::isGone);
                if (!done.isSuccess()) {
                    takers.forEach(taker -> taker.failed(done.cause()));
                } else {
                    switch (dial.getNow()) {
                        case OriginConnection.Http2(Http2Link link) -> {
                            speaksHttp1 = false;
                            shared.opened(link);
                            takers.forEach(this::take);
                            shared.idleIfUnused();
                        }
                        case OriginConnection.Http1(HttpOriginChannel channel) -> {
                            speaksHttp1 = true;
                            if (takers.isEmpty()) {
                                idle.keep(channel, loop, name);
                            } else {
                                takers.removeFirst().http1(channel);
                            }
                            takers.forEach(this::take);
                        }
                    }
                }
                forgetIfUnused();
            });
        }

        void forgetIfUnused() {
            Map<String, Group> own = groups.get(loop);
            if (links.isEmpty() && dials == 0 && own != null) {
                own.remove(name, this);
            }
        }
    }

    /// One connection, from its dialling on.
    private final class Shared implements CarrierEvents {
        private final Group group;
        private @Nullable Http2Link link;
        private @Nullable Future<?> idleDeadline;
        private boolean used;

        Shared(Group group) {
            this.group = group;
        }

        void opened(Http2Link opened) {
            link = opened;
            group.links.add(this);
        }

        boolean give(Taker taker) {
            Http2Link known = link;
            if (known == null || !known.hasRoom()) {
                return false;
            }
            leaveIdle();
            boolean reused = used;
            used = true;
            taker.http2(known, reused);
            return true;
        }

        void idleIfUnused() {
            if (link != null && link.load() == 0) {
                idle(link);
            }
        }

        void retireIfIdle() {
            if (idleDeadline != null) {
                retire(IDLE_LEAVES_WITHIN);
            }
        }

        @Override
        public void idle(Carrier carrier) {
            if (idleDeadline != null || !group.links.contains(this)) {
                return;
            }
            if (!idle.enter()) {
                retire(IDLE_LEAVES_WITHIN);
                return;
            }
            idleDeadline =
                    group.loop.schedule(
                            () -> retire(IDLE_LEAVES_WITHIN),
                            idle.timeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        private void leaveIdle() {
            if (idleDeadline != null) {
                idleDeadline.cancel(false);
                idleDeadline = null;
                idle.leave();
            }
        }

        private void retire(Duration within) {
            leaveIdle();
            group.links.remove(this);
            group.forgetIfUnused();
            if (link != null) {
                link.drain(within);
            }
        }

        @Override
        public void goingAway(Carrier carrier) {
            retire(LAST_STREAMS_WITHIN);
        }

        @Override
        public void closed(Carrier carrier) {
            leaveIdle();
            group.links.remove(this);
            group.forgetIfUnused();
        }
    }
}
