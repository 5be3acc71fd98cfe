package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.Login;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// What guacd is given when it asks (`required`) for what a host needs: each once. For the thread that reads guacd.
final class SignIn {
    private static final String STREAM = Integer.toString(Streams.OF_BROWSER);

    private final Login login;
    private final GuacdSocket guacd;
    private final Set<String> given = new HashSet<>();

    SignIn(Login login, GuacdSocket guacd) {
        this.login = login;
        this.guacd = guacd;
    }

    /// @param names of parameters
    /// @return why that is the end; null when all was given
    @Nullable Ending answer(List<String> names) throws GuacamoleException {
        for (String name : names) {
            byte[] value = value(name);
            if (value == null || !given.add(name)) {
                return Ending.failed(
                        GuacamoleStatus.CLIENT_UNAUTHORIZED,
                        "The host signs in whoever comes before it shows anything, and wants "
                                + String.join(", ", names)
                                + ". Open it again and give them, or check them.");
            }
            give(name, value);
            Arrays.fill(value, (byte) 0);
        }
        return null;
    }

    private void give(String name, byte[] value) throws GuacamoleException {
        guacd.write(new GuacamoleInstruction("argv", STREAM, "text/plain", name));
        String base64 = Base64.getEncoder().encodeToString(value);
        guacd.write(new GuacamoleInstruction("blob", STREAM, base64));
        guacd.write(new GuacamoleInstruction("end", STREAM));
    }

    /// Null when there is none; a host may do without a domain.
    private byte @Nullable [] value(String name) {
        return switch (name) {
            case "username" -> given(login.user().toCharArray());
            case "password" -> given(login.password());
            case "domain" -> bytes(login.domain().toCharArray());
            default -> null;
        };
    }

    private static byte @Nullable [] given(char[] value) {
        return value.length == 0 ? null : bytes(value);
    }

    private static byte[] bytes(char[] value) {
        var encoded = StandardCharsets.UTF_8.encode(java.nio.CharBuffer.wrap(value));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(value, '\0');
        return bytes;
    }
}
