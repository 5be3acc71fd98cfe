package dev.culvert.edge.signin;

import static dev.culvert.edge.admission.Gate.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admission.Gate;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.testing.NoLeaks;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way of a browser from an application to the auth host and back.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class AppLoginTest {
    private static final String SHELL = "ssh.example.com";
    private static final String AUTH = "auth.example.com";

    @TempDir Path temp;
    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        gate = new Gate(temp);
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private HeaderList answer(String host, String path, String... headers) {
        return gate.ask(get(host, path, headers)).awaitResponse().headers();
    }

    private static String location(HeaderList answer, String host) {
        String location = answer.first("location");
        assertThat(location).startsWith("https://" + host + "/");
        return location.substring(("https://" + host).length());
    }

    /// Where the browser is led with its token.
    private String opened(String path) throws Exception {
        HeaderList first = answer(SHELL, path, "Accept", "text/html");
        String browser = first.first("set-cookie").split(";")[0];
        HeaderList login =
                answer(AUTH, location(first, AUTH), "Cookie", gate.browserOf("ann@example.com"));
        HeaderList back = answer(SHELL, location(login, SHELL), "Cookie", browser);
        assertThat(back.all("set-cookie"))
                .anyMatch(cookie -> cookie.startsWith("CF_Authorization="));
        return back.first("location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a/b?c=d&e=%2F", "//evil.example/login", "/\\evil.example", "///x"})
    void whoHasSignedInComesBackToTheSameHostWhateverThePathIs(String path) throws Exception {
        assertThat(opened(path)).isEqualTo("https://" + SHELL + path);
    }

    @Test
    void whatIsNoPathLeadsToTheStartPage() {
        assertThat(new Opening(SHELL, "*", "").url()).isEqualTo("https://" + SHELL + "/");
        assertThat(new Opening(SHELL, "@evil.example", "").url())
                .isEqualTo("https://" + SHELL + "/");
    }
}
