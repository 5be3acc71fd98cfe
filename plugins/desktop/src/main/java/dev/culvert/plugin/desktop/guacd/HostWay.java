package dev.culvert.plugin.desktop.guacd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// How a connection of guacd's leads to a host. Thread-safe. Blocking.
interface HostWay {
    /// @param guacd its connection, whose bytes are for the host; the caller closes it
    Joined join(Socket guacd) throws IOException, InterruptedException;

    /// Two ends whose bytes go to each other. Closing an output ends its direction.
    ///
    /// @param host what is closed with it
    record Joined(
            InputStream fromGuacd,
            OutputStream toGuacd,
            InputStream fromHost,
            OutputStream toHost,
            Closeable host) {}
}
