package dev.culvert.plugin.ssh.edge.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class ClientMessageTest {
    private static byte[] connect(String login) {
        JsonMapper json = JsonMapper.shared();
        return json.writeValueAsBytes(
                json.createObjectNode()
                        .put("type", "connect")
                        .put("login", login)
                        .put("columns", 80)
                        .put("rows", 24)
                        .put("method", "password"));
    }

    @Test
    void loginsAreNamesOfAnyAlphabet() throws Exception {
        assertThat(ClientMessage.parse(connect("corp\\zoë")))
                .isInstanceOfSatisfying(
                        ClientMessage.Connect.class,
                        connect -> assertThat(connect.login()).isEqualTo("corp\\zoë"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u009bb", "a\u202eb", "a\u2028b"})
    void loginsThatAreShownOtherThanTheyAreAreRefused(String login) {
        assertThatThrownBy(() -> ClientMessage.parse(connect(login)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("login");
    }
}
