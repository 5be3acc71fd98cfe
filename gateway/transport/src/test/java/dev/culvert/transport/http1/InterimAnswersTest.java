package dev.culvert.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.served.ServedTarget;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Interim answers and `Expect: 100-continue` towards clients of HTTP/1 (RFC 9110, sections 10.1.1 and
/// 15.2).
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class InterimAnswersTest {
    private static final String END = "\r\n\r\n";
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-Continue" + END;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a" + END;

    private RawClient client;

    @BeforeEach
    void connect() throws Exception {
        client = new RawClient(Http1Limits.PUBLIC);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    @Test
    void theExpectationGoesOnAndThe100ComesBackOnce() throws Exception {
        client.write(EXPECTING);
        Side served = client.target.next();
        assertThat(served.request().headers().first("expect")).isEqualTo("100-Continue");
        served.inform(100, new HeaderList());
        served.inform(100, new HeaderList());
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue" + END);
        client.write("body" + GET);
        served.awaitEnd();
        assertThat(served.text()).isEqualTo("body");
        served.respond(200, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200").doesNotContain("close");
        client.target.next().respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void aFinalAnswerArrivesWithoutTheBodyAndEndsTheConnection() throws Exception {
        client.write(EXPECTING);
        Side served = client.target.next();
        served.respond(417, HeaderList.of("Content-Length", "2"), false);
        served.send("no", true);
        assertThat(client.readToEnd().toLowerCase(java.util.Locale.ROOT))
                .startsWith("http/1.1 417 ")
                .contains("connection: close")
                .endsWith("no");
    }

    @Test
    void aClientThatDoesNotWaitNeedsNo100() throws Exception {
        client.write(EXPECTING + "body");
        Side served = client.target.next();
        served.awaitEnd();
        served.inform(100, new HeaderList());
        served.respond(200, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200").doesNotContain("close");
        client.write(GET);
        client.target.next().respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void otherInterimAnswersAreRelayedInOrderWithTheirFields() throws Exception {
        client.write(GET);
        Side served = client.target.next();
        served.inform(100, new HeaderList());
        served.inform(102, new HeaderList());
        served.inform(
                103,
                HeaderList.of(
                        "Link", "</a>; rel=preload", "Link", "</b>", "Connection", "x", "X", "1"));
        served.respond(200, HeaderList.of("Content-Length", "2"), false);
        served.send("ok", true);
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 102 Processing" + END);
        assertThat(client.readHead())
                .isEqualTo(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>" + END);
        assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200");
    }

    @Test
    void anInterimAnswerThatHttpCannotCarryIsLeftOut() throws Exception {
        client.write(GET);
        Side served = client.target.next();
        served.inform(103, HeaderList.of("Link", "a\u000bb"));
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void neverToHttp10() throws Exception {
        client.write("POST / HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue" + END);
        Side served = client.target.next();
        assertThat(served.request().headers().contains("expect")).isFalse();
        served.inform(100, new HeaderList());
        served.inform(103, HeaderList.of("Link", "</a>"));
        client.write("body");
        served.awaitEnd();
        served.respond(204, new HeaderList(), true);
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 204").doesNotContain("103");
    }

    @Test
    void anExpectationWithoutABodyIsNone() throws Exception {
        client.write("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue" + END);
        Side served = client.target.next();
        assertThat(served.request().headers().contains("expect")).isFalse();
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).doesNotContain("close");
    }

    @Test
    void aHandlerThatReadsTheBodySaysSo() throws Exception {
        client.served =
                new ServedTarget(
                        "test",
                        exchange -> {
                            byte[] body = exchange.body().readAllBytes();
                            exchange.respond(200, HeaderList.of("Content-Length", "4")).write(body);
                        });
        client.write(EXPECTING);
        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue" + END);
        client.write("body");
        assertThat(client.readUntil("body")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aHandlerThatDoesNotReadTheBodyIsNotSentIt() throws Exception {
        client.served =
                new ServedTarget(
                        "test",
                        exchange ->
                                exchange.respond(403, HeaderList.of("Content-Length", "2"))
                                        .write("no".getBytes(StandardCharsets.US_ASCII)));
        assertThat(client.write(EXPECTING).readToEnd()).startsWith("HTTP/1.1 403 ").endsWith("no");
    }
}
