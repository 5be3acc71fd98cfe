package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.TunnelConfiguration;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One stream that hands a configuration to a connector: body `{"version":N,"config":{…}}`, answer 200
/// with `{"lastAppliedVersion":N,"err":…}`. Ends after [#WITHIN_SECONDS] at the latest; the answer is
/// told exactly once.
///
/// Confined to the connection's event loop.
///
/// Source: cloudflared, `connection/http2.go` (`handleConfigurationUpdate`).
final class ConfigurationStream implements StreamPeer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WITHIN_SECONDS = 20;
    private static final int MAX_ANSWER = 64 * 1024;
    private static final int MAX_PROBLEM = 1000;
    private static final int PIECE = 32 * 1024;
    private static final int UNCREDITED = 256 * 1024;

    /// What came of it.
    sealed interface Answer {
        /// @param version what the connector has now
        /// @param problem why it has not taken what it was sent, or null
        record Taken(int version, @Nullable String problem) implements Answer {}

        /// @param reason why there is no answer
        record None(String reason) implements Answer {}
    }

    private final ByteBuf body;
    private final Consumer<Answer> answer;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable StreamPeer connector;
    private @Nullable Future<?> deadline;
    private int uncredited;
    private boolean accepted;
    private boolean over;

    private ConfigurationStream(byte[] body, Consumer<Answer> answer) {
        this.body = Unpooled.wrappedBuffer(body);
        this.answer = answer;
    }

    static void open(Carrier carrier, TunnelConfiguration rules, Consumer<Answer> answer) {
        String body = "{\"version\":" + rules.version() + ",\"config\":" + rules.json() + "}";
        ConfigurationStream stream =
                new ConfigurationStream(body.getBytes(StandardCharsets.UTF_8), answer);
        StreamRequest request =
                new StreamRequest(
                        StreamKind.CONFIGURATION,
                        "POST",
                        "culvert",
                        "/",
                        HeaderList.of("content-type", "application/json"),
                        false);
        stream.deadline = carrier.loop().schedule(stream::late, WITHIN_SECONDS, TimeUnit.SECONDS);
        stream.connector = carrier.open(request, stream, carrier.loop());
        stream.send();
    }

    private void send() {
        while (connector != null && !over && body.isReadable() && uncredited < UNCREDITED) {
            ByteBuf piece = body.readRetainedSlice(Math.min(PIECE, body.readableBytes()));
            uncredited += piece.readableBytes();
            connector.data(piece, !body.isReadable());
        }
    }

    private void late() {
        if (!over && connector != null) {
            connector.reset(StreamFault.timedOut("no answer to a configuration"));
        }
        end(new Answer.None("no answer within " + WITHIN_SECONDS + " s"));
    }

    private void end(Answer result) {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        answer.accept(result);
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        accepted = response.status() == 200;
        if (!accepted) {
            end(new Answer.None("the connector answered " + response.status()));
        } else if (end) {
            complete();
        }
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        if (!over && received.size() + size <= MAX_ANSWER) {
            byte[] copy = new byte[size];
            bytes.readBytes(copy);
            received.writeBytes(copy);
        } else {
            end(new Answer.None("the connector's answer is longer than " + MAX_ANSWER + " bytes"));
        }
        bytes.release();
        if (connector != null && size > 0) {
            connector.credit(size);
        }
        if (end && accepted) {
            complete();
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        complete();
    }

    private void complete() {
        try {
            JsonNode json = JSON.readTree(received.toByteArray());
            JsonNode version = json.path("lastAppliedVersion");
            if (version.isInt()) {
                end(new Answer.Taken(version.intValue(), problem(json.path("err"))));
                return;
            }
        } catch (JacksonException e) {
            // Said below: what it sent is not repeated.
        }
        end(new Answer.None("the connector's answer cannot be read"));
    }

    /// Ours says why, cloudflared only in its log.
    private static @Nullable String problem(JsonNode err) {
        if (err.isNull() || err.isMissingNode()) {
            return null;
        }
        String text = err.asString("");
        if (text.isEmpty()) {
            return "see the connector's log";
        }
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(MAX_PROBLEM)
                .forEach(c -> {
                    if (c == '\n') {
                        line.append("; ");
                    } else if (!Character.isISOControl(c)
                            && Character.getType(c) != Character.FORMAT) {
                        line.appendCodePoint(c);
                    }
                });
        return line.toString();
    }

    @Override
    public void reset(StreamFault fault) {
        // The rest of what we sent may be unwanted: the answer is complete then.
        if (fault.kind() != StreamFault.Kind.NOT_READ) {
            end(new Answer.None("the stream was reset: " + fault.detail()));
        }
    }

    @Override
    public void credit(int bytes) {
        uncredited -= bytes;
        send();
    }
}
