package dev.culvert.gateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What happens outside of the browser while a flow runs: a mail arrives, an administrator does something.
/// The flow asks with `outside(NAME, ARGUMENT)`, one connection each: a line of JSON, answered with text.
///
/// Used by one thread, which does what is asked; what fails there fails the test.
final class Outside implements AutoCloseable {
    private static final int TURN_MILLIS = 50;
    private static final int SAYS_WITHIN_MILLIS = 10_000;

    private final Map<String, Deed> deeds;
    private final ServerSocket listener;

    /// Something to be done, and what the flow is told of it.
    @FunctionalInterface
    interface Deed {
        String done(String argument) throws Exception;
    }

    Outside(Map<String, Deed> deeds) throws IOException {
        this.deeds = deeds;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(TURN_MILLIS);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Does what the flow asks for until it ends.
    void serve(Program flow, Duration within) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (flow.isAlive() && System.nanoTime() < deadline) {
            Socket asking = next();
            if (asking != null) {
                answer(asking);
            }
        }
    }

    private @Nullable Socket next() throws IOException {
        try {
            return listener.accept();
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    private void answer(Socket asking) throws Exception {
        try (asking) {
            asking.setSoTimeout(SAYS_WITHIN_MILLIS);
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            asking.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            JsonNode asked = JsonMapper.shared().readTree(line);
            String name = asked.path("name").asString();
            Deed deed = deeds.get(name);
            if (deed == null) {
                throw new AssertionError("nobody does " + name);
            }
            String answer = deed.done(asked.path("argument").asString());
            asking.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
