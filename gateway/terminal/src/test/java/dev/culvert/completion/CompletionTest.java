package dev.culvert.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The shells themselves, asked to complete with the script of a program.
@Timeout(120)
class CompletionTest {
    /// What zsh has found out of its own completions, once for all tests.
    @TempDir static Path dump;

    @TempDir Path directory;

    @Command(
            name = "prog",
            subcommands = {Stream_.class, Tunnel.class, Up.class, CompletionCommand.class})
    static final class Program {}

    @Command(name = "ssh", aliases = "tcp", description = "It's a stream.")
    static final class Stream_ {
        @Option(
                names = {"--hostname", "-T"},
                completionCandidates = KnownHosts.class,
                description = "A \\ and a 'quote'.")
        String hostname;
    }

    @Command(name = "tunnel")
    static final class Tunnel {
        enum Format {
            json,
            table
        }

        @Command(name = "create")
        void create(@Option(names = "--output") Format output) {}

        @Command(name = "list")
        void list() {}
    }

    @Command(name = "up")
    static final class Up {
        @Parameters Path file;
    }

    /// A shell, and how to ask it: the script's path and the words so far are its arguments.
    enum Asked {
        bash(
                """
                source "$1"
                shift
                COMP_WORDS=("$@")
                COMP_CWORD=$(($# - 1))
                _complete_prog 2>/dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """),
        fish(
                """
                source $argv[1]
                complete -C (string join ' ' -- $argv[2..])
                """),
        /// A shell in a terminal of its own, in which a tab is typed after each beginning.
        zsh(
                """
                zmodload zsh/zpty
                script=$1
                shift
                zpty z zsh -f -i
                zpty -w z "PS1=; LISTMAX=0; zle-line-init() { echo AT-PRO''MPT }; autoload -U compinit; compinit -u -d $DUMP; source $script; bindkey '^T' list-choices; zle -N zle-line-init"
                zpty -r z out '*AT-PROMPT*'
                zpty -w -n z "${*}"$'\\C-t'"#END"
                zpty -r z out '*#END*'
                zpty -d z
                print -r -- "$out"
                """);

        private final String program;

        Asked(String program) {
            this.program = program;
        }
    }

    @BeforeEach
    void keepTokens() throws Exception {
        String audience = "0a".repeat(32);
        for (String name :
                List.of(
                        "ssh.example.com-" + audience + "-token",
                        "my-app.example.com_8443-" + audience + "-token",
                        "auth.example.com-org-token",
                        "other.example.com--metadata")) {
            Files.createFile(directory.resolve(name));
        }
        Files.createFile(directory.resolve("ports.yml"));
    }

    private String complete(Asked shell, String... words) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, shell.name()))),
                shell + " is not installed");
        StringWriter script = new StringWriter();
        int code =
                new CommandLine(new Program())
                        .setOut(new PrintWriter(script))
                        .execute("completion", shell.name());
        assertThat(code).isZero();
        Path file = Files.writeString(directory.resolve("script"), script.toString());
        Path asking = Files.writeString(directory.resolve("asking"), shell.program);
        ProcessBuilder builder =
                new ProcessBuilder(shell.name(), asking.toString(), file.toString());
        builder.command().addAll(Arrays.asList(words));
        builder.directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("CULVERT_ACCESS_HOME", directory.toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TERM", "vt100");
        builder.environment().put("DUMP", dump.resolve("zcompdump").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    @ParameterizedTest
    @EnumSource
    void subcommandsAtEachLevel(Asked shell) throws Exception {
        assertThat(complete(shell, "prog", "")).contains("ssh", "tcp", "tunnel", "completion");
        assertThat(complete(shell, "prog", "tunnel", "")).contains("create", "list");
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfTheCommandThatWasNamed(Asked shell) throws Exception {
        assertThat(complete(shell, "prog", "tcp", "--")).contains("--hostname");
        assertThat(complete(shell, "prog", "tunnel", "create", "--"))
                .contains("--output")
                .doesNotContain("--hostname");
    }

    @ParameterizedTest
    @EnumSource
    void valuesThatAreKnown(Asked shell) throws Exception {
        assertThat(complete(shell, "prog", "tunnel", "create", "--output", ""))
                .contains("json", "table");
        assertThat(complete(shell, "prog", "completion", "")).contains("bash", "zsh", "fish");
        assertThat(complete(shell, "prog", "up", "")).contains("ports.yml");
    }

    @ParameterizedTest
    @EnumSource
    void hostsThatWereSignedInTo(Asked shell) throws Exception {
        String hosts = complete(shell, "prog", "ssh", "--hostname", "");
        assertThat(hosts)
                .contains("ssh.example.com", "my-app.example.com:8443")
                .doesNotContain("auth.example.com", "other.example.com");
    }
}
