package dev.culvert.plugin.desktop.guacd;

/// What to do when guacd is not there.
final class Advice {
    static final String START =
            "guacd, of Apache Guacamole, speaks RDP, VNC and telnet for browsers. Install it (Debian: apt install guacd"
                    + " libguac-client-rdp0 libguac-client-vnc0 libguac-client-telnet0, where the release has them) or run"
                    + " it as a container: docker run --network host guacamole/guacd:1.6.0 -b 127.0.0.1.";

    static final String CONFIGURE = START + " Then say guacd: {address: 127.0.0.1:4822}.";

    private Advice() {}
}
