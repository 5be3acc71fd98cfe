package dev.culvert.plugin.ssh.edge.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.plugin.testkit.edge.TestRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TerminalDialogTest {
    private static final BrowserSocket.Receiver UNUSED =
            new BrowserSocket.Receiver() {
                @Override
                public void text(byte[] bytes) {
                    throw new AssertionError("nobody says anything");
                }

                @Override
                public void binary(ByteBuffer bytes) {
                    throw new AssertionError("nobody types anything");
                }
            };

    @Test
    void aBannerKeepsItsLinesAndNothingThatATerminalObeys() {
        TerminalDialog dialog = new TerminalDialog(new BrowserSocket(TestRequest.get("/"), UNUSED));

        dialog.banner("\033[31mFor members\tonly\n\u009b2Jé 漢\u202e\u0007\r\n");

        assertThat(dialog.banner()).isEqualTo("[31mFor members\tonly\r\n2Jé 漢\r\n");
    }
}
