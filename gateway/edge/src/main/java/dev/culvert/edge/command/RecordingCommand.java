package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.recording.About;
import dev.culvert.recording.PublicKey;
import dev.culvert.recording.RecordingFiles;
import dev.culvert.recording.Verification;
import dev.culvert.recording.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway recording list | key | end | verify`.
@Command(
        name = "recording",
        description = "Lists recordings of sessions, and checks them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class RecordingCommand {
    /// Of `verify`, besides those of [Verification.Outcome].
    private static final int ANOTHER_KEY = 13;

    private static final String SIDECAR = ".sig";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists recordings, the newest first.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--who", paramLabel = "WHO", description = "Part of who it is of.")
                    @Nullable String who,
            @Option(
                            names = "--host",
                            paramLabel = "HOST",
                            description = "Part of the host or of the application.")
                    @Nullable String host,
            @Option(
                            names = {"-n", "--last"},
                            paramLabel = "COUNT",
                            defaultValue = "50",
                            description =
                                    "At most so many, at most 1000 (default: ${DEFAULT-VALUE}).")
                    int last,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    String query = "?limit=" + last + part("who", who) + part("host", host);
                    JsonNode found =
                            control.ask("GET", "recordings" + query, null).path("recordings");
                    if (options.isJson()) {
                        Printed.json(out(), found);
                    } else {
                        print(found);
                    }
                });
    }

    private static String part(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + TunnelControl.segment(value);
    }

    private void print(JsonNode recordings) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode recording : recordings) {
            rows.add(
                    List.of(
                            recording.path("id").asString(""),
                            recording.path("who").asString(""),
                            recording.path("login").asString("")
                                    + "@"
                                    + recording.path("host").asString(""),
                            recording.path("kind").asString(""),
                            recording.path("via").asString(""),
                            recording.path("seconds").asString(""),
                            recording.path("bytes").asString(""),
                            recording.path("state").asString(""),
                            recording.path("file").asString("")));
        }
        Table.print(
                out(),
                List.of("ID", "WHO", "WHERE", "KIND", "VIA", "SECONDS", "BYTES", "STATE", "FILE"),
                rows);
    }

    @Command(
            name = "key",
            description = {
                "Prints the public key that recordings are signed with, and its fingerprint.",
                "Keep one of them elsewhere, for verify --key."
            },
            mixinStandardHelpOptions = true)
    int key(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode key = control.ask("GET", "recordings/key", null);
                    if (options.isJson()) {
                        Printed.json(out(), key);
                        return;
                    }
                    out().println(key.path("key").asString(""));
                    out().println(key.path("fingerprint").asString(""));
                });
    }

    @Command(
            name = "end",
            description = "Ends the session that is being recorded.",
            mixinStandardHelpOptions = true)
    int end(
            @Parameters(paramLabel = "ID", description = "As listed.") String id,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.ask("POST", "recordings/" + TunnelControl.segment(id) + "/end", null);
                    if (options.isJson()) {
                        Printed.json(out(), Map.of("ended", id));
                    } else {
                        out().println("Session ended.");
                    }
                });
    }

    @Command(
            name = "verify",
            description = {
                "Checks recordings against their sidecars FILE.sig; needs nothing but the files.",
                "Exit codes: 0 complete, 10 torn tail (the edge died), 11 cut after a checkpoint,",
                "12 altered, 13 signed by another key than --key, 1 cannot be read. With several",
                "files the highest of those; one that cannot be read ends it."
            },
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "1..*",
                            description = "The .cast and .guac files.")
                    List<Path> files,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            description =
                                    "What it has to be signed with: a line of gateway recording"
                                            + " key.")
                    @Nullable String key)
            throws StateException {
        if (key != null && !PublicKey.isName(key)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--key: "
                            + StateException.quoted(key)
                            + " (expected: a public key in base64, or SHA256:… of one)");
        }
        int exitCode = 0;
        for (Path file : files) {
            Path cast = cast(file);
            Verification checked = checked(cast);
            out().print(files.size() == 1 ? "" : cast + ": ");
            exitCode = Math.max(exitCode, tell(checked, key));
            out().flush();
        }
        if (key == null) {
            warnOfTheKey();
        }
        return exitCode;
    }

    private int tell(Verification checked, @Nullable String key) {
        if (key != null && isOther(checked, key)) {
            out().println("signed by another key: " + fingerprint(checked));
            return ANOTHER_KEY;
        }
        print(checked);
        return checked.outcome().exitCode();
    }

    /// Whoever names the sidecar means its recording.
    private static Path cast(Path file) {
        String text = file.toString();
        return text.endsWith(SIDECAR)
                ? Path.of(text.substring(0, text.length() - SIDECAR.length()))
                : file;
    }

    private static Verification checked(Path cast) throws StateException {
        try {
            return Verifier.verify(cast);
        } catch (NoSuchFileException e) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "there is no file " + e.getFile(),
                    "a recording is two files: name the one that ends in .cast or .guac, with "
                            + RecordingFiles.sidecar(cast).getFileName()
                            + " beside it",
                    e);
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    cast + " cannot be read: " + e,
                    "check the disk and who owns the file",
                    e);
        }
    }

    private static boolean isOther(Verification checked, String key) {
        return checked.key() != null && !checked.key().isNamed(key);
    }

    private static String fingerprint(Verification checked) {
        return checked.key() == null ? "nothing" : checked.key().fingerprint();
    }

    private void print(Verification checked) {
        out().println(checked.sentence());
        About about = checked.about();
        if (about != null && checked.key() != null) {
            out().println(
                            Table.plain(
                                    about.who()
                                            + ", "
                                            + about.login()
                                            + "@"
                                            + about.host()
                                            + ", "
                                            + about.startedAt()
                                            + "; signed by "
                                            + fingerprint(checked)));
        }
    }

    private void warnOfTheKey() {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                "gateway: warning: whose key that is, nobody has said; name the right one with"
                        + " --key (gateway recording key prints it on the edge's machine)");
        err.flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
