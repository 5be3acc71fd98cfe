package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Screen;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Set;
import org.apache.guacamole.protocol.GuacamoleClientInformation;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session: its browser, its recording, its port for guacd, guacd. On the exchange's thread.
final class GuacdSession {
    private static final Logger log = LoggerFactory.getLogger(GuacdSession.class);

    private final Recordings recordings;
    private final EdgeCertificate certificate;
    private final DesktopSession session;
    private final Rights rights;
    private final Stop stop = new Stop();
    private final Browser browser;

    /// Where guacd is, when a session needs it.
    interface Place {
        GuacdAddress address() throws RefusedException;
    }

    GuacdSession(
            Recordings recordings,
            EdgeCertificate certificate,
            DesktopSession session,
            HttpExchange exchange) {
        this.recordings = recordings;
        this.certificate = certificate;
        this.session = session;
        rights = Rights.of(session.settings());
        browser = new Browser(exchange, stop);
    }

    /// Until it is over.
    void run(Place place) throws IOException, InterruptedException {
        browser.accept();
        session.onEnd(reason -> stop.end(Ending.ended(reason)));
        try {
            serve(place.address());
        } catch (RefusedException e) {
            farewell(Ending.failed(GuacamoleStatus.SERVER_ERROR, e));
        } catch (IOException e) {
            log.warn("a session failed id={}", session.admitted().id(), e);
            farewell(
                    Ending.failed(
                            GuacamoleStatus.SERVER_ERROR,
                            "Something failed at the edge, whose log says what."));
        } finally {
            browser.end();
        }
    }

    /// Unless it was said why it ends: nothing can be said after that.
    private void farewell(Ending ending) throws IOException {
        stop.end(ending);
        browser.farewell(Objects.requireNonNull(stop.why()));
    }

    private void serve(GuacdAddress address) throws IOException, InterruptedException {
        GuacdSocket guacd = address.connect();
        try (Tape tape = Tape.begin(recordings, session);
                TunnelPort port =
                        TunnelPort.open(session.admitted().id(), way(), address.reach())) {
            converse(address, guacd, port, tape);
        } finally {
            guacd.disconnect();
        }
    }

    private HostWay way() {
        return isChecked()
                ? new CheckedWay(session, certificate)
                : new PlainWay(session.admitted());
    }

    private boolean isChecked() {
        return session.admitted().kind().equals("rdp") && !session.nla();
    }

    private void converse(
            GuacdAddress address, GuacdSocket guacd, TunnelPort port, @Nullable Tape tape)
            throws IOException, InterruptedException {
        String connection = begin(address, guacd, port);
        SharedView view = new SharedView(address, session, connection, browser, tape);
        Owner owner =
                new Owner(
                        session,
                        rights,
                        port,
                        guacd,
                        tape,
                        () -> {
                            session.connected();
                            session.watchable(view);
                        });
        try {
            new Relay(guacd, browser, owner, stop, session.admitted().id()).run();
        } finally {
            view.close();
            owner.close();
        }
    }

    private String begin(GuacdAddress address, GuacdSocket guacd, TunnelPort port)
            throws RefusedException {
        Set<InetAddress> sources = address.sources();
        Parameters parameters =
                Parameters.of(
                        session,
                        rights,
                        address.settings(),
                        port.address(),
                        isChecked() ? certificate.fingerprint() : session.certificate());
        return new Handshake(guacd)
                .begin(
                        session.admitted().kind(),
                        client(),
                        known -> {
                            var told = parameters.known(known);
                            port.await(Callers.of(sources, guacd.wire()));
                            return told;
                        });
    }

    private GuacamoleClientInformation client() {
        Screen screen = session.screen();
        GuacamoleClientInformation client =
                Handshake.client(
                        screen.width(), screen.height(), screen.dpi(), session.admitted().actor());
        if (rights.audio()) {
            client.getAudioMimetypes().add("audio/L16");
        }
        if (!screen.timezone().isEmpty()) {
            client.setTimezone(screen.timezone());
        }
        return client;
    }
}
