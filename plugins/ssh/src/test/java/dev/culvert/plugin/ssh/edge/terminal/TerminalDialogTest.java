package dev.culvert.plugin.ssh.edge.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ssh.edge.TestRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TerminalDialogTest {
    private static final TerminalSocket.Receiver UNUSED =
            new TerminalSocket.Receiver() {
                @Override
                public void message(ClientMessage message) {
                    throw new AssertionError("nobody says anything");
                }

                @Override
                public void typed(ByteBuffer bytes) {
                    throw new AssertionError("nobody types anything");
                }
            };

    @Test
    void aBannerKeepsItsLinesAndNothingThatATerminalObeys() {
        TerminalDialog dialog =
                new TerminalDialog(new TerminalSocket(TestRequest.get("/"), UNUSED));

        dialog.banner("\033[31mFor members\tonly\n\u009b2Jé 漢\u202e\u0007\r\n");

        assertThat(dialog.banner()).isEqualTo("[31mFor members\tonly\r\n2Jé 漢\r\n");
    }
}
