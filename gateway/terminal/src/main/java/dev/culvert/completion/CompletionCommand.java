package dev.culvert.completion;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `completion SHELL`, for any program.
@Command(
        name = "completion",
        description = {
            "Print the completion script of a shell.",
            "bash: source <(${ROOT-COMMAND-NAME} completion bash), in ~/.bashrc",
            "zsh: source <(${ROOT-COMMAND-NAME} completion zsh), in ~/.zshrc",
            "fish: ${ROOT-COMMAND-NAME} completion fish > ~/.config/fish/completions/${ROOT-COMMAND-NAME}.fish"
        },
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    /// Spelled as on the command line.
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    // The one script does for both: zsh has bash's interface to it.
                    case bash, zsh -> BashScript.of(root);
                    case fish -> FishScript.of(root);
                });
        out.flush();
        return 0;
    }
}
