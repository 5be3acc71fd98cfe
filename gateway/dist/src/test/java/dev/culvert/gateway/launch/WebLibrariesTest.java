package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/lib/web-libraries.sh`, with a stand-in for npm.
final class WebLibrariesTest {
    private static final String NPM =
            """
            #!/bin/sh
            echo "$*" >>"$HOME/npm-runs"
            rm -rf node_modules
            mkdir -p node_modules/@x/term/lib
            echo code >node_modules/@x/term/lib/term.mjs
            echo more >node_modules/@x/term/lib/term.mjs.map
            echo licence >node_modules/@x/term/LICENSE
            """;

    @TempDir private Path directory;
    private SourceTree tree;
    private Path target;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new SourceTree(directory);
        tree.linkTool("cmp", Path.of("/usr/bin/cmp"));
        tree.tool("npm", NPM);
        tree.write("ssh/src/main/web/package.json", "{}");
        tree.write("ssh/src/main/web/package-lock.json", "{\"lockfileVersion\": 3}");
        tree.write("ssh/src/main/web/.npmrc", "");
        tree.write(
                "ssh/src/main/web/shipped",
                "# What is shipped.\n@x/term/LICENSE\n@x/term/lib/term.mjs\n");
        target = tree.root.resolve("ssh/target/classes/libraries");
    }

    private Finished provide() throws Exception {
        return tree.run(
                "bin/lib/web-libraries.sh",
                tree.root.resolve("ssh/src/main/web").toString(),
                tree.root.resolve("ssh/target/web").toString(),
                target.toString());
    }

    private long npmRuns() throws Exception {
        Path runs = tree.home.resolve("npm-runs");
        return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
    }

    @Test
    void shipsWhatIsNamedAndNothingElse() throws Exception {
        Finished run = provide();

        assertThat(run.exit()).isZero();
        assertThat(run.stdout()).isEmpty();
        assertThat(Files.readString(tree.home.resolve("npm-runs")))
                .isEqualTo("ci --ignore-scripts --no-audit --no-fund\n");
        assertThat(target.resolve("@x/term/lib")).isDirectoryContaining("glob:**/term.mjs");
        assertThat(target.resolve("@x/term/lib/term.mjs.map")).doesNotExist();
        assertThat(target.resolve("@x/term/LICENSE")).hasContent("licence");
    }

    @Test
    void finishesWhatIsShippedWhereAModuleHasAWay() throws Exception {
        tree.tool("node", "#!/bin/sh\necho \"$2\" >\"$2/$(basename \"$1\").ran\"\n");
        tree.linkTool("basename", Path.of("/usr/bin/basename"));
        tree.write("ssh/src/main/web/finish.mjs", "");

        assertThat(provide().exit()).isZero();

        assertThat(target.resolve("finish.mjs.ran")).hasContent(target.toString());

        tree.tool("node", "#!/bin/sh\nexit 1\n");

        assertThat(provide().exit()).isNotZero();
    }

    @Test
    void runsNpmAgainOnlyWhenTheLockHasChanged() throws Exception {
        provide();
        tree.edit("ssh/src/main/web/package-lock.json");
        tree.write("ssh/src/main/web/shipped", "@x/term/lib/term.mjs\n");
        provide();

        assertThat(npmRuns()).isEqualTo(1);
        assertThat(target.resolve("@x/term/LICENSE")).doesNotExist();

        tree.write("ssh/src/main/web/package-lock.json", "{\"lockfileVersion\": 3, \"x\": 1}");
        provide();

        assertThat(npmRuns()).isEqualTo(2);
    }

    @Test
    void goesOnWithoutNpmAndSaysSo() throws Exception {
        Files.delete(directory.resolve("tools/npm"));

        Finished run = provide();

        assertThat(run.exit()).isZero();
        assertThat(run.stdout())
                .startsWith("[WARNING] web pages: npm is not installed")
                .hasLineCount(1);
        assertThat(target).doesNotExist();
    }

    @Test
    void failsWithoutNpmInTheContinuousIntegration() throws Exception {
        Files.delete(directory.resolve("tools/npm"));
        tree.set("CI", true);

        Finished run = provide();

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.stderr()).contains("apt-get install npm");
    }

    @Test
    void aFailedInstallationIsTriedAgain() throws Exception {
        tree.tool("npm", NPM + "echo 'no such package'\nexit 1\n");

        Finished failed = provide();

        assertThat(failed.exit()).isZero();
        assertThat(failed.stdout()).contains("npm.log");
        assertThat(tree.root.resolve("ssh/target/web/npm.log")).content().contains("no such");
        assertThat(target).doesNotExist();

        tree.tool("npm", NPM);
        provide();

        assertThat(target.resolve("@x/term/lib/term.mjs")).exists();
    }

    @Test
    void failsWhenAPackageHasNoSuchFile() throws Exception {
        tree.write("ssh/src/main/web/shipped", "@x/term/lib/gone.mjs\n");

        assertThat(provide().exit()).isNotZero();
    }
}
