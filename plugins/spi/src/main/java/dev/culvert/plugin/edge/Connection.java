package dev.culvert.plugin.edge;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;

/// A TCP connection to a plugin's listener, blocking. Two threads may use it, one for each direction.
public interface Connection extends Closeable {
    InetSocketAddress remote();

    InputStream input();

    OutputStream output();

    /// Closes it; whoever reads or writes gets an [java.io.IOException]. Idempotent.
    @Override
    void close();
}
