package dev.culvert.access.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.access.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppListTest {
    @Test
    void readsApplicationsAndKindsOfLaterVersions() throws Exception {
        assertThat(
                        AppList.read(
                                """
                                {"applications":[
                                 {"name":"wiki","kind":"web","hostname":"w.example.com","path":"/w","url":"https://w.example.com/w","new":1},
                                 {"name":"x","kind":"holograms","hostname":"x.example.com"},
                                 {"name":"no host","kind":"ssh"}]}
                                """))
                .containsExactly(
                        new App(
                                "wiki",
                                App.Kind.WEB,
                                "w.example.com",
                                "/w",
                                "https://w.example.com/w"),
                        new App("x", App.Kind.TCP, "x.example.com", "/", "https://x.example.com/"));
    }

    @Test
    void aBrowserIsGivenNothingButPagesOfTheWeb() throws Exception {
        String json =
                """
                {"applications":[{"name":"a","kind":"web","hostname":"a.example.com","url":"file:///etc/passwd"}]}
                """;
        assertThat(AppList.read(json).getFirst().url()).isEqualTo("https://a.example.com/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "[]", "{\"applications\":1}"})
    void somethingElseIsAProblem(String text) {
        assertThatThrownBy(() -> AppList.read(text)).isInstanceOf(Problem.class);
    }
}
