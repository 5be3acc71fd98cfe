package dev.culvert.gateway.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One HTTP/1.1 connection to an edge that stays open between requests, which curl does not when the
/// test must act between them. Blocking, with a deadline for each read.
final class KeepAlive implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private final Socket socket;
    private final InputStream in;
    private final String host;

    private KeepAlive(Socket socket, String host) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.host = host;
    }

    static KeepAlive open(Edge edge, String host) throws Exception {
        return new KeepAlive(Tls.connect(edge, host), host);
    }

    /// Status of a page whose length is told.
    int status(String path) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                                .formatted(path, host)
                                .getBytes(StandardCharsets.US_ASCII));
        String head = Tls.head(in);
        Matcher length = LENGTH.matcher(head);
        if (!length.find()) {
            throw new AssertionError("an answer of unknown length: " + head);
        }
        in.readNBytes(Integer.parseInt(length.group(1)));
        return Integer.parseInt(head.substring(9, 12));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
