package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;

/// Two haproxy: users' TLS ends at the first, which speaks HTTP/2 over verified TLS to the second; the echo goes plain
/// to the first and by TLS to the second. Confined to one thread.
final class HaproxyRelay implements Relay {
    /// haproxy's own default of 64 KiB a stream would decide every transfer over a distance.
    private static final int WINDOW = 1 << 20;

    private final List<Program> programs;
    private final int publicPort;
    private final int echoPort;
    private final SSLContext trust;

    private HaproxyRelay(List<Program> programs, int publicPort, int echoPort, SSLContext trust) {
        this.programs = programs;
        this.publicPort = publicPort;
        this.echoPort = echoPort;
        this.trust = trust;
    }

    static Candidate.Offer start(Ground ground) throws IOException, InterruptedException {
        String haproxy = ground.tools().find("haproxy").orElse("");
        if (haproxy.isEmpty()) {
            return new Candidate.NotAvailable("no haproxy in PATH or CULVERT_BENCH_HAPROXY");
        }
        Path certificate = certificate(ground);
        int publicPort = Ground.freePort();
        int echoPort = Ground.freePort();
        int farPort = Ground.freePort();
        int farEchoPort = Ground.freePort();
        String out =
                "server far %s:%%d ssl ca-file %s verify required verifyhost localhost"
                        .formatted(ground.far().address(), certificate);
        String nearFile =
                defaults()
                        + """
                        frontend users
                            mode http
                            bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
                            default_backend far
                        backend far
                            mode http
                            http-reuse always
                            %s alpn h2
                        listen echo
                            mode tcp
                            bind 127.0.0.1:%d
                            %s
                        """
                                .formatted(
                                        publicPort,
                                        certificate,
                                        out.formatted(farPort),
                                        echoPort,
                                        out.formatted(farEchoPort));
        Origins origins = ground.origins();
        String farFile =
                defaults()
                        + """
                        frontend tunnel
                            mode http
                            bind %1$s:%2$d ssl crt %3$s alpn h2
                            use_backend origin if { hdr_beg(host) origin.localhost }
                            default_backend web
                        backend web
                            mode http
                            http-reuse always
                            server nginx 127.0.0.1:%4$d
                        backend origin
                            mode http
                            server origin 127.0.0.1:%5$d
                        listen echo
                            mode tcp
                            bind %1$s:%6$d ssl crt %3$s
                            server echo 127.0.0.1:%7$d
                        """
                                .formatted(
                                        ground.far().bind(),
                                        farPort,
                                        certificate,
                                        origins.webPort(),
                                        origins.httpPort(),
                                        farEchoPort,
                                        origins.echoPort());
        Program far = run(ground, "haproxy far", ground.far(), haproxy, farFile);
        Program near = run(ground, "haproxy near", ground.near(), haproxy, nearFile);
        HaproxyRelay relay =
                new HaproxyRelay(
                        List.of(near, far), publicPort, echoPort, Endpoint.trusting(certificate));
        Reachable.await(relay.web(), near);
        return new Candidate.Open(relay);
    }

    private static String defaults() {
        return """
        global
            maxconn 8000
            tune.h2.initial-window-size %d
        defaults
            timeout connect 10s
            timeout client 5m
            timeout server 5m
            timeout tunnel 1h
        """
                .formatted(WINDOW);
    }

    private static Program run(
            Ground ground, String role, Place place, String haproxy, String configuration)
            throws IOException {
        Path file = ground.directory().resolve(role.replace(' ', '-') + ".cfg");
        Files.writeString(file, configuration);
        return ground.start(role, place, Map.of(), List.of(haproxy, "-db", "-f", file.toString()));
    }

    /// @return a PEM file of a key and the certificate it signed itself
    private static Path certificate(Ground ground) throws IOException, InterruptedException {
        Path key = ground.directory().resolve("haproxy.key");
        Path certificate = ground.directory().resolve("haproxy.crt");
        ground.start(
                        "openssl",
                        Place.HERE,
                        Map.of(),
                        List.of(
                                ground.tools().required("openssl"),
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=localhost",
                                "-addext",
                                "subjectAltName=DNS:localhost,DNS:*.localhost,"
                                        + "DNS:web.localhost,DNS:origin.localhost",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString()))
                .output();
        Path both = ground.directory().resolve("haproxy.pem");
        Files.writeString(both, Files.readString(certificate) + Files.readString(key));
        return both;
    }

    private Endpoint endpoint(String host) {
        return new Endpoint("127.0.0.1", publicPort, host, trust);
    }

    @Override
    public Endpoint web() {
        return endpoint("web.localhost");
    }

    @Override
    public Endpoint origin() {
        return endpoint("origin.localhost");
    }

    @Override
    public OptionalInt echo(int session) {
        return OptionalInt.of(echoPort);
    }

    @Override
    public String echoWay() {
        return "TCP to the near haproxy";
    }

    @Override
    public List<Program> programs() {
        return programs;
    }
}
