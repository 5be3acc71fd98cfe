package dev.culvert.plugin.desktop;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who was let in to a host that listens on the loopback, where no tunnel is between. Revocable.
public class TestEntry implements Admitted {
    public static final String HOST = "office.example.com";

    private final String actor;
    private final String kind;
    private final int port;
    private final DesktopSettings settings;
    private final UUID session;
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private String reason = "";

    public TestEntry(String actor, String kind, int port, DesktopSettings settings) {
        this.actor = actor;
        this.kind = kind;
        this.port = port;
        this.settings = settings;
        this.session =
                UUID.nameUUIDFromBytes(actor.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// Ann, and a host of RDP.
    public static TestEntry rdp(int port, DesktopSettings settings) {
        return ann("rdp", port, settings);
    }

    public static TestEntry ann(String kind, int port, DesktopSettings settings) {
        return new TestEntry("ann@example.com", kind, port, settings);
    }

    @Override
    public String actor() {
        return actor;
    }

    @Override
    public Person person() {
        return new Person(session, "identity-" + actor, actor);
    }

    @Override
    public String application() {
        return "office";
    }

    @Override
    public String host() {
        return HOST;
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
        return SshAccess.of(SshSettings.DEFAULT, SshRights.DEFAULT, actor);
    }

    @Override
    public DesktopSettings desktop() {
        return settings;
    }

    @Override
    public String kind() {
        return kind;
    }

    /// Policies let them in no more.
    public void revoke(String why) {
        List<Consumer<String>> told;
        synchronized (this) {
            reason = why;
            told = List.copyOf(listeners);
        }
        told.forEach(each -> each.accept(why));
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        String over;
        synchronized (this) {
            listeners.add(ended);
            over = reason;
        }
        if (!over.isEmpty()) {
            ended.accept(over);
        }
    }

    @Override
    public TunnelStream open() throws IOException {
        try {
            return new SocketStream(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (ConnectException e) {
            throw new RefusedException(
                    "origin_refused",
                    "The service behind this name does not accept connections.",
                    "Check that it runs.");
        }
    }

    @Override
    public void close() {}

    private record SocketStream(Socket socket) implements TunnelStream {
        @Override
        public InputStream input() {
            return stream(socket::getInputStream);
        }

        @Override
        public OutputStream output() {
            return stream(socket::getOutputStream);
        }

        private interface Opening<T> {
            T open() throws IOException;
        }

        private static <T> T stream(Opening<T> opening) {
            try {
                return opening.open();
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
            try {
                socket.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
