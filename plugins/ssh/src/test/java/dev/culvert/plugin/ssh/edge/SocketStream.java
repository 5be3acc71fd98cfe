package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A TCP connection where the edge has a stream through a tunnel, or a listener's connection.
public final class SocketStream implements TunnelStream, Connection {
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    public SocketStream(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        input = socket.getInputStream();
        output = socket.getOutputStream();
    }

    public static SocketStream to(int port) throws IOException {
        return new SocketStream(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public boolean halfClose() {
        return true;
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
