package dev.culvert.plugin.desktop;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.builtin.BuiltIn;
import dev.culvert.plugin.desktop.guacd.Guacd;
import dev.culvert.plugin.desktop.host.HostCertificates;
import dev.culvert.plugin.desktop.host.HostProbe;
import dev.culvert.plugin.desktop.session.Desktops;
import dev.culvert.plugin.desktop.session.Logins;
import dev.culvert.plugin.desktop.session.Sessions;
import dev.culvert.plugin.desktop.web.DesktopPage;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.util.Map;

/// The running half: who asks for what. Thread-safe.
final class DesktopHalf implements EdgeHalf {
    private final DesktopPage page = new DesktopPage();
    private final Sessions sessions;
    private final Desktops desktops;
    private final DesktopAdmin admin;

    DesktopHalf(EdgeServices services) {
        HostCertificates certificates = new HostCertificates(services);
        Logins logins = new Logins(services.store());
        sessions =
                new Sessions(
                        services,
                        new HostProbe(certificates),
                        Map.of(
                                DesktopSettings.Engine.BUILT_IN,
                                new BuiltIn(page::hasBuiltIn),
                                DesktopSettings.Engine.GUACD,
                                new Guacd(services)),
                        logins,
                        page.viewPage());
        desktops = new Desktops(sessions, logins);
        admin = new DesktopAdmin(services, logins, certificates);
    }

    @Override
    public void browser(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (!page.handle(exchange) && !desktops.handle(admitted, exchange)) {
            exchange.respond(303, HeaderList.of("Location", "/"), new byte[0]);
        }
    }

    @Override
    public String admin(String method, String path, String body) throws IOException {
        return admin.answer(method, path, body);
    }

    @Override
    public void close() {
        sessions.close();
    }
}
