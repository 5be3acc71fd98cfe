package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `gateway demo`, as the first thing a newcomer does.
@Timeout(120)
final class DemoIT {
    private static final int INTERRUPTED = 128 + 2;

    @RegisterExtension static final Programs programs = new Programs();

    /// A shell that starts something in the background has it ignore SIGINT; at a terminal it does not.
    private static Program demo() throws Exception {
        Program demo =
                programs.start(
                        Command.of("env", "--default-signal=INT,QUIT", Shipped.GATEWAY, "demo"));
        demo.await("^Ctrl-C stops all of it\\.$");
        return demo;
    }

    private static List<String> lines(Program demo) throws Exception {
        return demo.stdout()
                .lines()
                .filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2))
                .toList();
    }

    private static int port(Program demo) throws Exception {
        return Integer.parseInt(demo.await("https://hello\\.localhost:(\\d+)/").group(1));
    }

    @Test
    void everyLineItPrintsWorksWhenPasted() throws Exception {
        List<String> lines = lines(demo());

        assertThat(lines).hasSizeGreaterThanOrEqualTo(5);
        for (String line : lines) {
            if (line.contains("/events")) {
                Program events = programs.start(Command.shell(line));
                events.await("^data:", Duration.ofSeconds(10));
                assertThat(events.isAlive()).as("goes on: " + line).isTrue();
                continue;
            }
            if (line.contains("%terminal.localhost")) {
                programs.start(Command.shell(line))
                        .await("https://auth\\.localhost:\\d+/cdn-cgi/access/ssh/");
                continue;
            }
            String output = programs.run(Command.shell(line)).output();
            if (line.contains("private.localhost")) {
                assertThat(output).contains("<html", "</html>");
                String closed = line.replaceAll(" -H 'CF-Access-Client-Secret: [^']*'", "");
                assertThat(programs.run(Command.shell(closed)).output())
                        .as("without the secret it stays closed")
                        .doesNotContain("<html");
            } else if (line.contains("hello.localhost")) {
                assertThat(output).contains("<html", "</html>");
            } else if (line.startsWith("ssh ")) {
                assertThat(output).startsWith("Linux ");
            } else if (line.startsWith("printf ")) {
                assertThat(output).isEqualTo("hello\n");
            } else if (line.contains("nothing.localhost")) {
                assertThat(output).contains("unknown_host");
            } else {
                throw new AssertionError("a line this test does not know: " + line);
            }
        }
    }

    @Test
    void ctrlCEndsItAndItStartsAgainWithTheSameAuthority() throws Exception {
        Path authority = programs.home().resolve(".culvert/demo/state/ca.pem");
        Program first = demo();
        int port = port(first);
        String before = Files.readString(authority);

        first.signal("INT");

        Finished ended = first.finish(Duration.ofSeconds(15));
        // The JVM ends with the signal's code, as a shell expects of an interrupted program.
        assertThat(ended.exit()).isEqualTo(INTERRUPTED);
        assertThat(ended.stdout()).endsWith("Stopping.\n");
        assertThat(Scratch.accepts(port)).as("the port is taken").isFalse();

        Program second = demo();
        assertThat(Files.readString(authority)).isEqualTo(before);
        assertThat(programs.run(Command.shell(lines(second).getFirst())).output())
                .contains("</html>");
    }

    @Test
    void aSecondDemoSaysThatThereIsOne() throws Exception {
        demo();

        Finished second = programs.run(Command.gateway("demo")).expectExit(1);

        assertThat(second.stderr())
                .contains(
                        "gateway: error: ", "in use by process", "gateway: hint: ", "--directory");
    }
}
