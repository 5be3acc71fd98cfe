package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
    @Test
    void aNameLeadsToALoginAtAHost() {
        assertThat(Target.parse("ann%Build.Example.com"))
                .isEqualTo(new Target("ann", "build.example.com"));
        assertThat(Target.parse("corp\\ann%build")).isEqualTo(new Target("corp\\ann", "build"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "%build",
                "ann%",
                "ann%-x",
                "ann%a..b",
                "a b%build",
                "a\nb%build",
                "a\u0085b%build",
                "a\u00a0b%build",
                "a\u202eb%build",
                "ann%build:22",
                "a%b%build"
            })
    void othersLeadNowhere(String user) {
        assertThat(Target.parse(user)).isNull();
    }
}
