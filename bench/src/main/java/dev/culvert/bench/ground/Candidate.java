package dev.culvert.bench.ground;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// A system that may be measured. Immutable.
///
/// @param note how it works, one line for the report
public record Candidate(String name, String note, Start start) {
    /// What came of starting it.
    public sealed interface Offer {}

    public record Open(Relay relay) implements Offer {}

    public record NotAvailable(String reason) implements Offer {}

    /// Brings the system up on a ground.
    @FunctionalInterface
    public interface Start {
        /// @throws IOException when it should work and does not
        Offer on(Ground ground) throws IOException, InterruptedException;
    }

    /// All systems, [Relay#DIRECT] first.
    public static List<Candidate> all(Tools tools) throws IOException {
        List<Candidate> all = new ArrayList<>();
        all.add(
                new Candidate(
                        Relay.DIRECT,
                        "plain TCP to the service",
                        g -> new Open(new DirectRelay(g))));
        for (String protocol : List.of("http2", "quic")) {
            all.add(
                    new Candidate(
                            "culvert-" + protocol,
                            "edge, connector with --protocol " + protocol,
                            ground -> CulvertRelay.start(ground, protocol, false)));
        }
        for (String protocol : List.of("http2", "quic")) {
            all.add(
                    new Candidate(
                            "cloudflared-" + protocol,
                            "edge, stock cloudflared as connector with --protocol " + protocol,
                            ground -> CulvertRelay.start(ground, protocol, true)));
        }
        all.add(
                new Candidate(
                        "haproxy",
                        "two haproxy: TLS in, HTTP/2 over TLS between them (echo: TLS between the two only)",
                        HaproxyRelay::start));
        for (var file : tools.peerFiles()) {
            Properties description = PeerRelay.read(file);
            all.add(
                    new Candidate(
                            description.getProperty("name", "peer"),
                            description.getProperty("note", ""),
                            ground -> PeerRelay.start(ground, description)));
        }
        return all;
    }
}
