package dev.culvert.connector.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.channel.EventLoop;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class HttpOriginTrailersTest {
    private static final String END_OF_BODY = "\r\n0\r\n\r\n";

    /// Without its end on the wire the next user's request would be taken for more of this body.
    @ParameterizedTest
    @ValueSource(strings = {"trailer", "content-length", "transfer-encoding"})
    void aBodyEndsEvenWhenItsTrailersCannotBeWritten(String name) throws Exception {
        try (EventLoops loops = new EventLoops("origin", 1);
                ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            HttpOriginTarget target =
                    new HttpOriginTarget(origin(listener.getLocalPort()), new Dialer(loops));
            EventLoop loop = loops.next();
            Side user = new Side(loop);
            StreamRequest request =
                    new StreamRequest(
                            StreamKind.HTTP,
                            "POST",
                            "app.example.com",
                            "/",
                            new HeaderList(),
                            false);
            loop.submit(() -> user.meet(target.open(request, user, loop))).sync();
            user.send("x", false);
            user.sendTrailers(HeaderList.of(name, "1", "x-checksum", "2"));
            try (Socket accepted = listener.accept()) {
                accepted.setSoTimeout(30_000);
                assertThat(readUntil(accepted.getInputStream(), END_OF_BODY)).endsWith(END_OF_BODY);
            }
        }
    }

    private static String readUntil(InputStream in, String end) throws Exception {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static ProxiedHttpOrigin origin(int port) {
        return new ProxiedHttpOrigin(
                new Endpoint.Tcp("127.0.0.1", port),
                DialSettings.DEFAULT,
                null,
                null,
                10,
                Duration.ofSeconds(60),
                true);
    }
}
