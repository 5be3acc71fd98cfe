package dev.culvert.plugin.ssh.edge.io;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;

/// The bytes under one SSH session, blocking; each direction is used by one thread, [#close] by any.
public interface Wire {
    InputStream input();

    /// Each write goes out at once.
    OutputStream output();

    /// Who is at the other end, for SSHD's own notes. Never connected to.
    InetSocketAddress remote();

    /// No more bytes will be written; the other direction goes on where the carrier can do that.
    void endOutput() throws IOException;

    /// Wakes whoever reads or writes. Idempotent.
    void close();

    /// A stream to a host, whose name is for show.
    static Wire of(TunnelStream stream, String host) {
        InetSocketAddress remote = InetSocketAddress.createUnresolved(host, 22);
        return new Wire() {
            @Override
            public InputStream input() {
                return stream.input();
            }

            @Override
            public OutputStream output() {
                return stream.output();
            }

            @Override
            public InetSocketAddress remote() {
                return remote;
            }

            @Override
            public void endOutput() throws IOException {
                // Without a half close the answer to a disconnect would be cut with it.
                if (stream.halfClose()) {
                    stream.endOutput();
                }
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    /// A client's connection.
    static Wire of(Connection connection) {
        return new Wire() {
            @Override
            public InputStream input() {
                return connection.input();
            }

            @Override
            public OutputStream output() {
                return connection.output();
            }

            @Override
            public InetSocketAddress remote() {
                return connection.remote();
            }

            /// TCP's end follows with [#close], which loses nothing.
            @Override
            public void endOutput() throws IOException {
                connection.output().flush();
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }
}
