package dev.culvert.access;

import dev.culvert.protocols.websocket.HandshakeException;
import dev.culvert.protocols.websocket.ResponseHead;
import dev.culvert.protocols.websocket.ResponseHeadDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Opens the TLS socket of a stream: resolve, connect to each address in turn, pass the proxy,
/// shake hands.
///
/// Blocking: threads that may wait only.
final class Dialer {
    static final int CONNECT_MILLIS = 10_000;

    private Dialer() {}

    static SSLSocket dial(Route route, SSLContext tls) throws IOException {
        Socket plain = connect(route.firstHop());
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.setSoTimeout(CONNECT_MILLIS);
            if (route.proxy() != null) {
                passProxy(plain, route.proxy(), route.dial());
            }
            SSLSocket socket =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(
                                            plain, route.tlsName(), route.dial().port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            Trust.apply(parameters, route.tlsName());
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket connect(HostPort to) throws IOException {
        IOException last = new SocketTimeoutException();
        for (InetAddress address : LocalNames.resolve(to.host())) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, to.port()), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    /// Byte by byte: nothing after the head belongs to the proxy.
    private static void passProxy(Socket socket, Proxy proxy, HostPort to) throws IOException {
        socket.getOutputStream().write(proxy.request(to));
        ResponseHeadDecoder decoder = new ResponseHeadDecoder();
        InputStream in = socket.getInputStream();
        byte[] one = new byte[1];
        try {
            ResponseHead head = null;
            while (head == null) {
                if (in.read(one) < 0) {
                    throw proxy.closed();
                }
                head = decoder.decode(ByteBuffer.wrap(one));
            }
            proxy.check(head);
        } catch (HandshakeException e) {
            throw proxy.broken(e);
        }
    }
}
