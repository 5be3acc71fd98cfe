package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import org.apache.guacamole.GuacamoleException;

/// What a browser says, on its way to guacd. For the thread that reads the browser.
final class Upward {
    private final GuacdSocket guacd;
    private final Browser browser;
    private final Part part;
    private final BrowserPolicy policy;

    Upward(GuacdSocket guacd, Browser browser, Part part, Streams up, Streams down) {
        this.guacd = guacd;
        this.browser = browser;
        this.part = part;
        policy = new BrowserPolicy(part.rights(), up, down);
    }

    void said(Arguments said) throws IOException, ProtocolException {
        if (!said.opcode().equals("sync") && !said.opcode().equals("nop")) {
            part.active();
        }
        switch (policy.judge(said)) {
            case Verdict.Pass _ -> pass(said);
            case Verdict.Drop _ -> {}
            case Verdict.DenySilently denied -> part.denied(denied.what());
            case Verdict.Deny denied -> {
                part.denied(denied.what());
                browser.say(denied.answer());
            }
        }
    }

    private void pass(Arguments said) throws ProtocolException {
        part.up(said);
        try {
            guacd.write(said.instruction());
        } catch (GuacamoleException e) {
            // guacd has gone: whoever reads it finds why.
        }
    }
}
