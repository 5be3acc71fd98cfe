package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ClientInfo;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.ConnectionOptions;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to the edge, from dialling to its end. Not reused: the next attempt is a new one.
///
/// ### States
///
/// dialling and TLS ([LinkAttempt]) → the control stream is opened → registering →
/// registered → (unregistered, draining) → ended. `ended` is told exactly once, from any state.
///
/// Confined to its event loop.
final class Link implements Conversation.Outcome {
    /// What the keeper of this link is told.
    interface Events {
        void registered(Link link, ConnectionDetails details);

        /// Nothing passes through its streams any more; it is still open.
        void silent(Link link);

        /// After silence.
        void heardAgain(Link link);

        /// @param refusal the edge's refusal of the registration, or null
        void ended(
                Link link,
                String reason,
                @Nullable ConnectionError refusal,
                @Nullable Throwable cause);
    }

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final int index;
    private final int attempts;
    private final LinkSettings settings;
    private final EdgeAddress edge;
    private final Protocol protocol;
    private final EventLoop loop;
    private final StreamTarget streams;
    private final Events events;
    private final LinkAttempt attempt;
    private final LinkWatch watch;
    private @Nullable Conversation conversation;
    private @Nullable Future<?> deadline;
    private @Nullable ConnectionDetails details;
    private boolean unanswered;
    private boolean registered;
    private boolean unregistered;
    private boolean ended;

    /// @param index told to the edge
    /// @param attempts failed attempts before this one, told to the edge
    Link(
            int index,
            int attempts,
            LinkSettings settings,
            EdgeAddress edge,
            Protocol protocol,
            Dialers dialers,
            EventLoop loop,
            StreamTarget streams,
            Events events) {
        this.index = index;
        this.attempts = attempts;
        this.settings = settings;
        this.edge = edge;
        this.protocol = protocol;
        this.loop = loop;
        this.streams = streams;
        this.events = events;
        LinkAttempt.Outcome outcome = this::failed;
        this.attempt =
                switch (protocol) {
                    case HTTP2 ->
                            new Http2Attempt(
                                    settings,
                                    edge,
                                    dialers.tcp(),
                                    loop,
                                    this::open,
                                    new Ending(),
                                    outcome);
                    case QUIC ->
                            new QuicAttempt(
                                    settings,
                                    edge,
                                    dialers.quic(),
                                    loop,
                                    this::open,
                                    new Ending(),
                                    outcome);
                };
        this.watch =
                new LinkWatch(
                        loop, settings.silentAfter(), attempt::heardOnStreams, new Listening());
    }

    EdgeAddress edge() {
        return edge;
    }

    Protocol protocol() {
        return protocol;
    }

    /// What the edge said at its registration; null before.
    @Nullable ConnectionDetails details() {
        return details;
    }

    /// Whether it ended because nothing at all came back.
    boolean isUnanswered() {
        return unanswered;
    }

    void dial() {
        deadline =
                loop.schedule(
                        () -> end("the edge did not answer within " + seconds(), null, null),
                        settings.registerWithin().toMillis(),
                        TimeUnit.MILLISECONDS);
        attempt.dial();
    }

    private String seconds() {
        return settings.registerWithin().toSeconds() + " s";
    }

    private void failed(String reason, @Nullable Throwable cause, boolean silence) {
        unanswered = silence;
        end(reason, null, cause);
    }

    private final class Ending implements CarrierEvents {
        @Override
        public void closed(Carrier link) {
            end("the edge closed the connection", null, null);
        }
    }

    private final class Listening implements LinkWatch.Events {
        @Override
        public void silent() {
            events.silent(Link.this);
        }

        @Override
        public void heardAgain() {
            events.heardAgain(Link.this);
        }
    }

    private StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop on) {
        if (request.kind() != StreamKind.CONTROL) {
            if (LivenessProbe.is(request)) {
                watch.probed();
            }
            return streams.open(request, caller, on);
        }
        Conversation talk = new Conversation(caller, this);
        conversation = talk;
        on.execute(() -> talk.start(call()));
        return talk;
    }

    private RegisterConnection call() {
        byte[] local =
                attempt.local() instanceof InetSocketAddress address
                                && !address.getAddress().isAnyLocalAddress()
                        ? address.getAddress().getAddress()
                        : new byte[0];
        return new RegisterConnection(
                settings.credentials().accountTag(),
                settings.credentials().secret(),
                settings.credentials().tunnelId(),
                index,
                new ConnectionOptions(
                        new ClientInfo(
                                settings.connectorId(),
                                List.of(
                                        "serialized_headers",
                                        LinkSettings.FEATURE,
                                        LivenessProbe.FEATURE),
                                settings.version(),
                                arch()),
                        local,
                        false,
                        0,
                        Math.min(255, attempts)));
    }

    private static String arch() {
        String machine = System.getProperty("os.arch", "");
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
                + "_"
                + (machine.equals("x86_64") ? "amd64" : machine);
    }

    @Override
    public void registered(ConnectionDetails details) {
        if (ended) {
            return;
        }
        registered = true;
        this.details = details;
        if (deadline != null) {
            deadline.cancel(false);
        }
        events.registered(this, details);
    }

    @Override
    public void refused(ConnectionError error) {
        end("the edge refused the connection: " + error.cause(), error, null);
    }

    @Override
    public void unregistered() {
        // The edge closes when the streams that are open have ended.
    }

    @Override
    public void broken(String reason) {
        end(reason, null, null);
    }

    /// Shows the edge the rules of a connector that has its own.
    void tellOwnRules(String json) {
        if (conversation != null && !ended && !json.isEmpty()) {
            conversation.tell(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Asks the edge for no more streams; it closes when those that are open have ended.
    void unregister() {
        if (unregistered) {
            return;
        }
        unregistered = true;
        if (registered && conversation != null && !ended) {
            conversation.unregister();
        } else {
            close();
        }
    }

    /// Another connection has taken its place, and nothing is wrong with this one: the edge sends it no
    /// more streams, and it closes when those it has have ended, however long that is.
    void leave() {
        attempt.leave();
        closeWhenUnused();
    }

    /// Another connection has taken its place because nothing was heard of this one: the same, unless nothing is
    /// heard for the grace period either.
    void giveUp() {
        attempt.leave();
        long heard = attempt.heardOnStreams();
        loop.schedule(
                () -> {
                    if (attempt.heardOnStreams() == heard) {
                        close();
                    } else {
                        closeWhenUnused();
                    }
                },
                settings.gracePeriod().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /// It carries nothing any more.
    private void retire() {
        unregister();
        loop.schedule(this::close, settings.gracePeriod().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void closeWhenUnused() {
        if (ended) {
            return;
        }
        if (attempt.openStreams() == 0) {
            retire();
        } else {
            loop.schedule(this::closeWhenUnused, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void close() {
        end("closed", null, null);
    }

    private void end(String reason, @Nullable ConnectionError refusal, @Nullable Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        watch.stop();
        if (deadline != null) {
            deadline.cancel(false);
        }
        attempt.close();
        events.ended(this, reason, refusal, cause);
    }
}
