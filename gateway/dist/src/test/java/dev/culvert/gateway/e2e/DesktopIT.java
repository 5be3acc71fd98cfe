package dev.culvert.gateway.e2e;

import dev.culvert.plugin.testkit.hosts.Guacd;
import dev.culvert.plugin.testkit.hosts.RdpHost;
import dev.culvert.plugin.testkit.hosts.TelnetHost;
import dev.culvert.plugin.testkit.hosts.VncHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Remote desktops in Chromium, through the shipped programs and a real guacd to real hosts.
@Timeout(600)
final class DesktopIT {
    private static final String PASSWORD = "nine kites over the harbour";
    private static final String DOMAIN = ".desktop.it.localhost";
    private static final int MEGABYTES = 5;

    private static final String CONFIG =
            """
            auth_host: auth.it.localhost
            guacd:
              address: 127.0.0.1:%d
              drive: /drive
            access:
              applications:
                - {name: files, domains: [files.desktop.it.localhost], kind: rdp, browser: true, policies: &let-in
                    [{name: people, decision: allow, include: [{email: ann@example.com}]}],
                   desktop: {engine: guacd, files: both, security: tls}}
                - {name: nla, domains: [nla.desktop.it.localhost], kind: rdp, browser: true, policies: *let-in}
                - {name: tls, domains: [tls.desktop.it.localhost], kind: rdp, browser: true, policies: *let-in}
                - {name: dead, domains: [dead.desktop.it.localhost], kind: rdp, browser: true, policies: *let-in}
                - {name: vnc, domains: [vnc.desktop.it.localhost], kind: vnc, browser: true, policies: *let-in}
                - {name: telnet, domains: [telnet.desktop.it.localhost], kind: telnet, browser: true, policies: *let-in}
            """;

    private static final String INGRESS =
            """
            ingress:
              - {hostname: files.desktop.it.localhost, service: "rdp://127.0.0.1:%d"}
              - {hostname: tls.desktop.it.localhost, service: "rdp://127.0.0.1:%d"}
              - {hostname: nla.desktop.it.localhost, service: "rdp://127.0.0.1:%d"}
              - {hostname: vnc.desktop.it.localhost, service: "vnc://127.0.0.1:%d"}
              - {hostname: telnet.desktop.it.localhost, service: "telnet://127.0.0.1:%d"}
              - {hostname: dead.desktop.it.localhost, service: "rdp://127.0.0.1:%d"}
              - service: http_status:404
            """;

    @RegisterExtension static final Programs programs = new Programs();

    private static Guacd guacd;
    private static RdpHost xorg;
    private static RdpHost nla;
    private static VncHost vnc;
    private static TelnetHost telnet;
    private static Edge edge;
    private static String token;
    private static Connector connector;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        guacd = Guacd.start();
        xorg = RdpHost.xorg();
        nla = RdpHost.nla();
        vnc = VncHost.start();
        telnet = TelnetHost.start();
        Path config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"), CONFIG.formatted(guacd.port()));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        browser = Browser.trusting(programs, edge.authority());
        token = edge.createTunnel("lan");
        for (String name : applications().keySet()) {
            edge.publish(name + DOMAIN, "lan");
        }
        connector = connect(xorg);
        edge.invite("ann@example.com", "Ann", PASSWORD);
    }

    @AfterAll
    static void stop() throws Exception {
        try (Guacd _ = guacd;
                RdpHost _ = xorg;
                RdpHost _ = nla;
                VncHost _ = vnc;
                TelnetHost _ = telnet) {
            // Each of them, whatever fails of another.
        }
    }

    private static Map<String, String> applications() {
        Map<String, String> urls = new HashMap<>();
        for (String name : new String[] {"files", "nla", "tls", "dead", "vnc", "telnet"}) {
            urls.put(name, edge.url(name + DOMAIN, "/"));
        }
        return urls;
    }

    /// @param tls what is behind the application `tls`
    private static Connector connect(RdpHost tls) throws Exception {
        return Connector.start(
                edge,
                token,
                INGRESS.formatted(
                        xorg.port(),
                        tls.port(),
                        nla.port(),
                        vnc.port(),
                        telnet.port(),
                        Scratch.freePort()));
    }

    private static String isThere(String hostAndFile) {
        String[] words = hostAndFile.split(" ", 2);
        Path home =
                switch (words[0]) {
                    case "xorg" -> xorg.home();
                    case "nla" -> nla.home();
                    case "vnc" -> vnc.home();
                    case "telnet" -> telnet.home();
                    default -> throw new IllegalArgumentException(hostAndFile);
                };
        return Files.exists(home.resolve(words[1])) ? "yes" : "";
    }

    /// Of a file somewhere on a drive.
    private static String hashOf(String name) throws Exception {
        try (Stream<Path> files = Files.walk(guacd.drive())) {
            Path found = files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
            return Scratch.sha256(found);
        }
    }

    private static String endTheDesktop(String argument) throws Exception {
        AdminApi api = AdminApi.of(edge.state);
        String id = AdminApi.value("id", api.ask("GET", "desktops", ""));
        api.ask("POST", "desktops/" + id + "/end", "");
        return "";
    }

    private static String anotherHost(String argument) throws Exception {
        // It says goodbye: the edge sends nothing more to where it was.
        connector.program.signal("TERM");
        connector.program.finish();
        connector = connect(nla);
        return "";
    }

    private static String stopGuacd(String argument) throws Exception {
        guacd.close();
        return "";
    }

    private static Map<String, String> person(String email) {
        return Map.of("email", email, "password", PASSWORD);
    }

    private static String link() throws Exception {
        return edge.program
                .await("https://auth\\.it\\.localhost:\\S+/welcome\\?token=\\S+")
                .group();
    }

    @Test
    void thePageLooksAndActsRightInEachOfItsStates() throws Exception {
        browser.run(
                "desktop-looks.mjs",
                Map.of(
                        "application",
                        edge.url("files" + DOMAIN, "/"),
                        "person",
                        person("ann@example.com")));
    }

    @Test
    void aPersonWorksOnDesktops() throws Exception {
        String prefix = "it-" + ProcessHandle.current().pid();
        Path file = Scratch.randomFile(programs.directory().resolve(prefix + ".bin"), MEGABYTES);
        Map<String, Object> given = new HashMap<>();
        given.put("applications", applications());
        given.put("auth", "https://auth.it.localhost:" + edge.publicPort);
        given.put("link", link());
        given.put("ann", person("ann@example.com"));
        given.put("root", person("root@example.com"));
        given.put("user", RdpHost.USER);
        given.put("password", RdpHost.PASSWORD);
        given.put("vncPassword", VncHost.PASSWORD);
        given.put("telnetUser", TelnetHost.USER);
        given.put("telnetPassword", TelnetHost.PASSWORD);
        given.put("prefix", prefix);
        given.put("upload", file.toString());
        given.put("file", prefix + ".bin");
        given.put("hash", Scratch.sha256(file));
        browser.run(
                "desktop-guacd.mjs",
                given,
                Map.of(
                        "is there", DesktopIT::isThere,
                        "hash of", DesktopIT::hashOf,
                        "end the desktop", DesktopIT::endTheDesktop));
        browser.run(
                "desktop-hosts.mjs",
                given,
                Map.of(
                        "is there", DesktopIT::isThere,
                        "another host", DesktopIT::anotherHost,
                        "stop guacd", DesktopIT::stopGuacd));
    }
}
