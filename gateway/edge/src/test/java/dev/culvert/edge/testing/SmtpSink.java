package dev.culvert.edge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A mail server on loopback that keeps what it takes.
public final class SmtpSink implements AutoCloseable {
    private final ServerSocket listener;
    private final SSLContext tls;
    private final boolean tlsFromTheFirstByte;
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final Map<String, List<String>> answers = new ConcurrentHashMap<>();
    private final List<Socket> open = new ArrayList<>();

    /// @param user of `AUTH PLAIN`: authorised as, user, password; null when nobody signed in
    public record Taken(String from, String to, String text, boolean encrypted, String user) {
        public String header(String name) {
            return text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith(name + ": "))
                    .findFirst()
                    .map(line -> line.substring(name.length() + 2))
                    .orElse("");
        }

        /// The six digits that stand alone in a line.
        public String code() {
            return text.lines()
                    .map(String::strip)
                    .filter(line -> line.matches("[0-9]{6}"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// @param tls null for a server that offers none
    public SmtpSink(SSLContext tls, boolean tlsFromTheFirstByte) throws IOException {
        this.tls = tls;
        this.tlsFromTheFirstByte = tlsFromTheFirstByte;
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().name("smtp-sink").start(this::accept);
    }

    public static SmtpSink plain() throws IOException {
        return new SmtpSink(null, false);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The next time a command of this verb comes, this is the answer.
    public void answer(String verb, String... lines) {
        answers.put(verb, new ArrayList<>(List.of(lines)));
    }

    public Taken next() throws InterruptedException {
        Taken next = taken.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no mail came");
        }
        return next;
    }

    public boolean isEmpty() {
        return taken.isEmpty();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                synchronized (open) {
                    open.add(socket);
                }
                Thread.ofVirtual().name("smtp-sink-client").start(() -> serve(socket));
            } catch (IOException e) {
                // The end.
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = tlsFromTheFirstByte ? encrypted(accepted) : accepted) {
            new Dialogue(socket, tlsFromTheFirstByte).run();
        } catch (IOException e) {
            // A client that does not trust the certificate, or the end.
        }
    }

    private Socket encrypted(Socket plain) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", 0, true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        return socket;
    }

    private final class Dialogue {
        private Socket socket;
        private boolean encrypted;
        private BufferedReader in;
        private OutputStream out;
        private String user;
        private String from = "";
        private String to = "";

        Dialogue(Socket socket, boolean encrypted) throws IOException {
            use(socket, encrypted);
        }

        private void use(Socket next, boolean secure) throws IOException {
            socket = next;
            encrypted = secure;
            in =
                    new BufferedReader(
                            new InputStreamReader(next.getInputStream(), StandardCharsets.UTF_8));
            out = next.getOutputStream();
        }

        void run() throws IOException {
            say("220 sink");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                List<String> scripted = answers.get(verb);
                if (scripted != null && !scripted.isEmpty()) {
                    say(scripted.removeFirst());
                } else if (!obey(verb, line)) {
                    return;
                }
            }
        }

        private boolean obey(String verb, String line) throws IOException {
            switch (verb) {
                case "EHLO" -> {
                    say("250-sink");
                    if (tls != null && !encrypted) {
                        say("250-STARTTLS");
                    }
                    say("250 AUTH PLAIN");
                }
                case "STARTTLS" -> {
                    say("220 go on");
                    use(SmtpSink.this.encrypted(socket), true);
                }
                case "AUTH" -> {
                    user =
                            new String(
                                            Base64.getDecoder().decode(line.split(" ")[2]),
                                            StandardCharsets.UTF_8)
                                    .replace('\0', ' ')
                                    .strip();
                    say("235 welcome");
                }
                case "MAIL" -> {
                    from = line;
                    say("250 ok");
                }
                case "RCPT" -> {
                    to = line;
                    say("250 ok");
                }
                case "DATA" -> data();
                case "QUIT" -> {
                    say("221 bye");
                    return false;
                }
                default -> say("250 ok");
            }
            return true;
        }

        private void data() throws IOException {
            say("354 go on");
            StringBuilder text = new StringBuilder();
            for (String line = in.readLine(); !line.equals("."); line = in.readLine()) {
                text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
            }
            taken.add(new Taken(address(from), address(to), text.toString(), encrypted, user));
            say("250 taken");
        }

        private void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    private static String address(String command) {
        return command.substring(command.indexOf('<') + 1, command.indexOf('>'));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (open) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
