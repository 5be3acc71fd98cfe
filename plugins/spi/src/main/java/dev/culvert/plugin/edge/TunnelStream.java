package dev.culvert.plugin.edge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A stream of bytes through the tunnel to a service, blocking. Bounded: at most 1 MiB that was received
/// and not read, and 256 KiB that was written and not sent.
///
/// Two threads may use it, one for each direction; `close` is for any.
public interface TunnelStream extends Closeable {
    /// Ends (-1) when the service has closed its direction; an [IOException] when the stream was cut.
    InputStream input();

    /// Each write goes out at once.
    OutputStream output();

    /// Whether [#endOutput] leaves the other direction open: not behind cloudflared.
    boolean halfClose();

    /// No more bytes for the service.
    void endOutput() throws IOException;

    /// Ends both directions; nothing that was written before is lost unless the service does not read it.
    /// Idempotent.
    @Override
    void close();
}
