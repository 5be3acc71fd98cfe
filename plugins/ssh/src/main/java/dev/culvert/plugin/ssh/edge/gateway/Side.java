package dev.culvert.plugin.ssh.edge.gateway;

/// The sides of a relay.
enum Side {
    CLIENT,
    HOST;

    Side other() {
        return this == CLIENT ? HOST : CLIENT;
    }
}
