package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who was let in to a host that listens on the loopback.
record TestEntry(String kind, DesktopSettings desktop, int port) implements Admitted {
    @Override
    public String actor() {
        return "ann@example.com";
    }

    @Override
    public @Nullable Person person() {
        return null;
    }

    @Override
    public String application() {
        return "office";
    }

    @Override
    public String host() {
        return "office.example.com";
    }

    @Override
    public String address() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return "request-1";
    }

    @Override
    public @Nullable Instant expiresAt() {
        return null;
    }

    @Override
    public SshAccess ssh() {
        throw new AssertionError("no SSH here");
    }

    @Override
    public void onEnd(Consumer<String> ended) {}

    @Override
    public TunnelStream open() throws IOException {
        try {
            return new Stream(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (ConnectException e) {
            throw new RefusedException("origin_refused", "Nothing listens there.", "Start it.");
        }
    }

    @Override
    public void close() {}

    private record Stream(Socket socket) implements TunnelStream {
        @Override
        public InputStream input() {
            return get(socket::getInputStream);
        }

        @Override
        public OutputStream output() {
            return get(socket::getOutputStream);
        }

        private interface Getter<T> {
            T get() throws IOException;
        }

        private static <T> T get(Getter<T> getter) {
            try {
                return getter.get();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
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
            get(() -> {
                socket.close();
                return socket;
            });
        }
    }
}
