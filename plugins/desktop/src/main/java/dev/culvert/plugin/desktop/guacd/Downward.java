package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.GuacamoleUpstreamTimeoutException;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What guacd says, on its way to a browser: whole instructions, joined while more are there. A browser that does not
/// read stops it, and guacd with it. Confined to one thread.
final class Downward {
    private static final Logger log = LoggerFactory.getLogger(Downward.class);

    /// Of a message, unless one instruction is longer.
    private static final int MESSAGE = 8192;

    private final GuacdSocket guacd;
    private final Browser browser;
    private final Part part;
    private final GuacdPolicy policy;
    private final String id;
    private final StringBuilder message = new StringBuilder();

    /// @param id of the session, for the log
    Downward(GuacdSocket guacd, Browser browser, Part part, Streams up, Streams down, String id) {
        this.guacd = guacd;
        this.browser = browser;
        this.part = part;
        this.id = id;
        policy = new GuacdPolicy(part.rights(), up, down);
    }

    /// Until guacd ends it.
    Ending run() throws IOException {
        try {
            Ending ending = null;
            while (ending == null) {
                GuacamoleInstruction said = guacd.getReader().readInstruction();
                ending = said == null ? part.ended(null) : hear(new Arguments(said));
                if (!message.isEmpty() && (ending != null || !guacd.getReader().available())) {
                    deliver();
                }
            }
            return ending;
        } catch (GuacamoleUpstreamTimeoutException e) {
            return failed("guacd says nothing any more.", e);
        } catch (GuacamoleException e) {
            return failed("The connection to guacd broke.", e);
        } catch (ProtocolException e) {
            return failed("guacd said what is not understood.", e);
        }
    }

    private Ending failed(String words, Exception e) {
        log.debug("guacd failed id={} reason={}", id, e.getMessage());
        return Ending.failed(GuacamoleStatus.UPSTREAM_ERROR, words);
    }

    private @Nullable Ending hear(Arguments said)
            throws IOException, ProtocolException, GuacamoleException {
        return switch (said.opcode()) {
            case "error" -> part.ended(error(said));
            case "disconnect" -> part.ended(null);
            case "required" -> part.required(said.instruction().getArgs());
            default -> {
                judge(said);
                yield null;
            }
        };
    }

    private GuacamoleStatus error(Arguments said) throws ProtocolException {
        int code = said.number(1);
        log.info(
                "guacd ended a session id={} status={} text={}",
                id,
                code,
                OneLine.marked(said.text(0), 200));
        GuacamoleStatus status = GuacamoleStatus.fromGuacamoleStatusCode(code);
        return status == null ? GuacamoleStatus.SERVER_ERROR : status;
    }

    private void judge(Arguments said) throws IOException, ProtocolException, GuacamoleException {
        if (!said.opcode().equals("sync") && !said.opcode().equals("nop")) {
            part.active();
        }
        switch (policy.judge(said)) {
            case Verdict.Pass pass -> {
                part.down(said, pass.recorded());
                append(said.instruction().toString());
            }
            case Verdict.Drop _ -> {}
            case Verdict.DenySilently denied -> part.denied(denied.what());
            case Verdict.Deny denied -> {
                part.denied(denied.what());
                guacd.write(denied.answer());
            }
        }
    }

    private void append(String instruction) throws IOException {
        if (!message.isEmpty() && message.length() + instruction.length() > MESSAGE) {
            deliver();
        }
        message.append(instruction);
    }

    private void deliver() throws IOException {
        browser.deliver(message.toString());
        message.setLength(0);
    }
}
