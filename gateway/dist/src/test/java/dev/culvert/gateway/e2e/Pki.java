package dev.culvert.gateway.e2e;

import java.nio.file.Path;

/// An authority that openssl makes, the certificates it signs, and TLS servers that show them.
final class Pki {
    final Path authority;
    private final Programs programs;
    private final Path directory;
    private final Path authorityKey;
    private int serial;

    Pki(Programs programs) throws Exception {
        this.programs = programs;
        directory = programs.freshDirectory("pki");
        authority = directory.resolve("ca.pem");
        authorityKey = directory.resolve("ca.key");
        programs.run(
                        Command.line(
                                        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2")
                                .and("-subj", "/CN=Test authority")
                                .and("-keyout", authorityKey, "-out", authority))
                .output();
    }

    /// A certificate for a name, and its key.
    record Pair(Path certificate, Path key) {
        @Override
        public String toString() {
            return certificate + ":" + key;
        }
    }

    Pair sign(String name) throws Exception {
        serial++;
        Path request = directory.resolve(serial + ".csr");
        Pair pair =
                new Pair(directory.resolve(serial + ".pem"), directory.resolve(serial + ".key"));
        Path names =
                Scratch.write(directory.resolve(serial + ".ext"), "subjectAltName=DNS:" + name);
        programs.run(
                        Command.line(
                                        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes")
                                .and("-subj", "/CN=" + name)
                                .and("-keyout", pair.key, "-out", request))
                .output();
        programs.run(
                        Command.of("openssl", "x509", "-req", "-days", "2", "-in", request)
                                .and("-CA", authority, "-CAkey", authorityKey)
                                .and("-set_serial", serial, "-extfile", names)
                                .and("-out", pair.certificate))
                .output();
        return pair;
    }

    /// A TLS server of openssl's with a certificate for `name`.
    ///
    /// @return its port
    int serve(String name) throws Exception {
        Pair pair = sign(name);
        int port = Scratch.freePort();
        programs.start(
                        Command.of("openssl", "s_server", "-accept", "127.0.0.1:" + port, "-www")
                                .and("-cert", pair.certificate, "-key", pair.key))
                .awaitPort(port);
        return port;
    }
}
