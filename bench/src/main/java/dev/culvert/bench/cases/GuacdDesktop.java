package dev.culvert.bench.cases;

import dev.culvert.bench.ground.DesktopWay;
import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A session of a desktop with guacd, in place of the page: its requests, its WebSocket, and its answers to what comes.
/// A thread of its own reads; the others' is one.
final class GuacdDesktop implements AutoCloseable {
    private static final Duration OPEN_WITHIN = Duration.ofMinutes(3);
    private static final int MOVING_SECONDS = 4;
    private static final int TYPE_AGAIN_SECONDS = 10;
    private static final String CONTROL = "65507";
    private static final String ENTER = "65293";

    private final DesktopWay.Seat seat;
    private final TextSocket socket;
    private final GuacdScreen screen = new GuacdScreen();
    private volatile Desktops.Shown shown = new Desktops.Shown(0, 0);
    private volatile @Nullable IOException over;

    private GuacdDesktop(DesktopWay.Seat seat, TextSocket socket) {
        this.seat = seat;
        this.socket = socket;
    }

    static GuacdDesktop open(DesktopWay.Seat seat) throws IOException {
        DesktopWay.Application application = seat.application();
        Endpoint endpoint = application.endpoint();
        Http http = Http.open(endpoint);
        try {
            String path = begin(http, seat);
            http.upgrade(
                    path,
                    endpoint.hostHeader(),
                    "Origin: https://" + endpoint.hostHeader(),
                    "Cookie: " + application.cookies(),
                    "Sec-WebSocket-Protocol: guacamole");
        } catch (IOException e) {
            http.close();
            throw e;
        }
        GuacdDesktop desktop = new GuacdDesktop(seat, new TextSocket(http));
        Thread.ofVirtual().start(desktop::read);
        return desktop;
    }

    /// Trusts the certificate, as a user does who is asked.
    ///
    /// @return where its WebSocket is
    private static String begin(Http http, DesktopWay.Seat seat) throws IOException {
        String answer = post(http, seat, "");
        if (answer.contains("\"certificate_unknown\"")) {
            answer = post(http, seat, value("fingerprint", answer));
        }
        return value("socket", answer);
    }

    private static String post(Http http, DesktopWay.Seat seat, String certificate)
            throws IOException {
        DesktopWay.Application application = seat.application();
        byte[] body =
                """
                {"user": "%s", "domain": "", "password": "%s", "width": %d, "height": %d, "dpi": 96,
                 "timezone": "", "keyboard": "", "certificate": "%s"}
                """
                        .formatted(
                                application.user(),
                                application.password(),
                                seat.width(),
                                seat.height(),
                                certificate)
                        .getBytes(StandardCharsets.UTF_8);
        String host = application.endpoint().hostHeader();
        http.send(
                "POST /.culvert/desktop/sessions HTTP/1.1",
                "Host: " + host,
                "Origin: https://" + host,
                "Cookie: " + application.cookies(),
                "Content-Type: application/json",
                "Content-Length: " + body.length);
        http.out().write(body);
        String status = http.read();
        String said = new String(http.body(), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 200 ") && !status.startsWith("HTTP/1.1 409 ")) {
            throw new IOException("no session: " + status + " " + said);
        }
        return said;
    }

    private static String value(String key, String json) throws IOException {
        Matcher found = Pattern.compile("\"" + key + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IOException("no " + key + " in " + json);
        }
        return found.group(1);
    }

    private void read() {
        try {
            while (true) {
                for (String answer : screen.hear(socket.read())) {
                    socket.send(answer);
                }
                shown = new Desktops.Shown(screen.frames(), socket.bytes());
            }
        } catch (IOException e) {
            over = e;
        }
    }

    Desktops.Shown shown() throws IOException {
        IOException why = over;
        if (why != null) {
            throw new IOException(
                    seat.application().endpoint().host() + ": session ended: " + why.getMessage(),
                    why);
        }
        return shown;
    }

    /// Waits until its screen moves.
    ///
    /// @param types whether it makes it move: a shell takes nothing before it is there, so it types until it has
    void awaitMoving(boolean types) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + OPEN_WITHIN.toNanos();
        int typed = 0;
        while (true) {
            boolean isThere = shown().frames() > 0;
            if (isThere && types) {
                type(typed > 1);
                typed++;
            }
            if (isMoving()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        seat.application().endpoint().host()
                                + ": nothing moves after "
                                + OPEN_WITHIN.toSeconds()
                                + " s; shown: "
                                + shown());
            }
        }
    }

    /// Whether something new is shown for some seconds in a row: a desktop that comes up moves too, but not for long.
    private boolean isMoving() throws IOException, InterruptedException {
        int inARow = 0;
        for (int i = 0; i < TYPE_AGAIN_SECONDS && inARow < MOVING_SECONDS; i++) {
            Desktops.Shown before = shown();
            Thread.sleep(1000);
            inARow = shown().since(before).frames() > 0 ? inARow + 1 : 0;
        }
        return inARow == MOVING_SECONDS;
    }

    /// @param interrupts whether it ends what half of it may have begun. Not at once: that would end what starts the
    ///     shell, and the session with it
    private void type(boolean interrupts) throws IOException {
        if (interrupts) {
            key(CONTROL, true);
            press("c");
            key(CONTROL, false);
        }
        for (char letter : Desktops.MOVES.toCharArray()) {
            press(Character.toString(letter));
        }
        press("\n");
    }

    private void press(String letter) throws IOException {
        // Keysyms of ASCII are its codes.
        String keysym = letter.equals("\n") ? ENTER : Integer.toString(letter.charAt(0));
        key(keysym, true);
        key(keysym, false);
    }

    private void key(String keysym, boolean isDown) throws IOException {
        socket.send(GuacdScreen.instruction("key", keysym, isDown ? "1" : "0"));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
