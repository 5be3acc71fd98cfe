package dev.culvert.gateway.soak;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;

/// 1,000 WebSockets of one machine, each through edge and connector to an origin that has answered; then its
/// service token is revoked. Measured is how long after the request to revoke it each of them has read its Close
/// frame: a full run fails when one takes more than a second.
///
/// Used by one thread.
final class Revoked {
    private static final String HOST = "echo.localhost";
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration AT_MOST = Duration.ofSeconds(1);
    private static final int CLOSE = 0x88;
    private static final String EXPECTED = "1008 the service token is no longer valid";
    private static final String RULES =
            """
            auth_host: auth.localhost
            access:
              applications:
                - name: echo
                  domains: [echo.localhost]
                  policies:
                    - {name: machines, decision: service_auth, include: [{any_valid_service_token: {}}]}
            """;

    private final Site site;
    private final Scenarios scenarios;
    private final HttpClient http = HttpClient.newHttpClient();

    private record Token(String id, String secret) {}

    Revoked(Site site, Scenarios scenarios) {
        this.site = site;
        this.scenarios = scenarios;
    }

    Row run() throws Exception {
        int streams = scenarios.scaled(1000, 50);
        Path configuration = site.directory().resolve("revoked.yml");
        Files.writeString(configuration, RULES);
        try (Stage stage = scenarios.stage(4, List.of("--config", configuration.toString()))) {
            User user = new User(stage.authority(), stage.publicPort());
            Measured measured = new Measured("revoked", stage, false);
            StringBuilder detail = new StringBuilder(streams + " streams; ms until closed:");
            long longest = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                long[] millis = round(user, streams, "soak-" + round);
                long last = millis[millis.length - 1];
                detail.append(" median %d, last %d;".formatted(millis[millis.length / 2], last));
                longest = Math.max(longest, last);
            }
            measured.loaded();
            Row row = measured.row(detail.toString(), 4);
            return longest > AT_MOST.toMillis() && scenarios.isFull()
                    ? row.failed("took more than " + AT_MOST.toMillis() + " ms")
                    : row;
        }
    }

    /// @return how long each took, sorted
    private long[] round(User user, int streams, String name) throws Exception {
        Token token = create(name);
        CountDownLatch open = new CountDownLatch(streams);
        Queue<Long> closed = new ConcurrentLinkedQueue<>();
        long[] revoked = new long[1];
        Together.run(
                streams + 1,
                streams + 1,
                PATIENCE,
                i -> {
                    if (i == streams) {
                        open.await();
                        revoked[0] = System.nanoTime();
                        ask("DELETE", "service-tokens/" + name, "");
                    } else {
                        closed.add(closed(user, token, i, open));
                    }
                });
        return closed.stream().mapToLong(at -> (at - revoked[0]) / 1_000_000).sorted().toArray();
    }

    /// @return when it was closed, as it must be
    private static long closed(User user, Token token, int index, CountDownLatch open)
            throws IOException {
        try (User.Exchange exchange =
                user.webSocket(
                        HOST,
                        "CF-Access-Client-Id: " + token.id(),
                        "CF-Access-Client-Secret: " + token.secret())) {
            Pattern.write(Messages.to(exchange.out()), index, 100);
            Pattern.check(Messages.from(exchange.in()), index, 100);
            open.countDown();
            DataInputStream in = new DataInputStream(exchange.in());
            int head = in.readUnsignedByte();
            byte[] body = new byte[in.readUnsignedByte()];
            in.readFully(body);
            long at = System.nanoTime();
            String said =
                    head == CLOSE && body.length >= 2
                            ? ((body[0] & 0xff) << 8 | body[1] & 0xff)
                                    + " "
                                    + new String(
                                            Arrays.copyOfRange(body, 2, body.length),
                                            StandardCharsets.UTF_8)
                            : "a frame of type " + head;
            if (!said.equals(EXPECTED)) {
                throw new IOException("closed with " + said + " (expected: " + EXPECTED + ")");
            }
            return at;
        }
    }

    private Token create(String name) throws Exception {
        String made = ask("POST", "service-tokens", "{\"name\":\"" + name + "\"}");
        return new Token(field(made, "id"), field(made, "secret"));
    }

    private String ask(String method, String path, String body) throws Exception {
        String endpoint = Files.readString(site.state().resolve("admin.json"));
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(field(endpoint, "url") + "/api/v1/" + path))
                                .header("Authorization", "Bearer " + field(endpoint, "token"))
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": " + answer.body());
        }
        return answer.body();
    }

    private static String field(String json, String name) throws IOException {
        Matcher found =
                java.util.regex.Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"")
                        .matcher(json);
        if (!found.find()) {
            throw new IOException("no " + name + " in what the admin endpoint says");
        }
        return found.group(1);
    }
}
