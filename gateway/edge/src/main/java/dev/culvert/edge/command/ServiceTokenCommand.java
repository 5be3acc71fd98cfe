package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `gateway service-token list | create | rotate | revoke`.
@Command(
        name = "service-token",
        description = "Credentials of machines.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ServiceTokenCommand {
    private static final String TOKEN = "Name or id.";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "list", description = "Lists service tokens.", mixinStandardHelpOptions = true)
    int list(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode tokens =
                            control.ask("GET", "service-tokens", null).path("serviceTokens");
                    if (options.isJson()) {
                        Printed.json(out(), tokens);
                        return;
                    }
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode token : tokens) {
                        rows.add(
                                List.of(
                                        token.path("name").asString(""),
                                        token.path("id").asString(""),
                                        token.path("createdAt").asString(""),
                                        token.path("expiresAt").asString("never"),
                                        token.path("lastUsedAt").asString("never"),
                                        token.path("previousUntil").asString("")));
                    }
                    Table.print(
                            out(),
                            List.of(
                                    "NAME",
                                    "ID",
                                    "CREATED",
                                    "EXPIRES",
                                    "LAST USED",
                                    "OLD SECRET UNTIL"),
                            rows);
                });
    }

    @Command(
            name = "create",
            description = "Makes a service token and prints its secret, this once.",
            mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "As policies call it.") String name,
            @Option(
                            names = "--expires",
                            paramLabel = "DURATION",
                            defaultValue = "8760h",
                            converter = DurationText.class,
                            description =
                                    "From now; 0s for never (default: ${DEFAULT-VALUE}, a year).")
                    Duration expires,
            @Mixin StateOptions options) {
        return options.runOrBegin(
                spec,
                control -> {
                    ObjectNode body = TunnelControl.object().put("name", name);
                    if (!expires.isZero()) {
                        body.put("expires", expires.toSeconds());
                    }
                    print(options, control.ask("POST", "service-tokens", body), "created");
                });
    }

    @Command(
            name = "rotate",
            description = "Makes a new secret; the old one is good for a while longer.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Parameters(paramLabel = "NAME", description = TOKEN) String name,
            @Option(
                            names = "--overlap",
                            paramLabel = "DURATION",
                            defaultValue = "24h",
                            converter = DurationText.class,
                            description =
                                    "How long the old secret is good (default: ${DEFAULT-VALUE}).")
                    Duration overlap,
            @Option(
                            names = "--expires",
                            paramLabel = "DURATION",
                            converter = DurationText.class,
                            description = "From now (default: as it was).")
                    @Nullable Duration expires,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    ObjectNode body = TunnelControl.object().put("overlap", overlap.toSeconds());
                    if (expires != null) {
                        body.put("expires", expires.toSeconds());
                    }
                    print(options, control.ask("POST", at(name) + "/rotate", body), "rotated");
                });
    }

    @Command(
            name = "revoke",
            description = "Makes a service token worthless, also on streams that are open.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Parameters(paramLabel = "NAME", description = TOKEN) String name,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.ask("DELETE", at(name), null);
                    if (options.isJson()) {
                        Printed.json(out(), Map.of("revoked", name));
                    } else {
                        out().println("Service token " + name + " revoked.");
                    }
                });
    }

    private static String at(String name) {
        return "service-tokens/" + TunnelControl.segment(name);
    }

    private void print(StateOptions options, JsonNode token, String what) {
        if (options.isJson()) {
            Printed.json(out(), token);
            return;
        }
        String id = "CF-Access-Client-Id: " + token.path("id").asString("");
        String secret = "CF-Access-Client-Secret: " + token.path("secret").asString("");
        out().println(
                        "Service token "
                                + token.path("name").asString("")
                                + " "
                                + what
                                + ", good until "
                                + token.path("expiresAt").asString("it is revoked")
                                + ". The secret is shown this once:");
        out().println();
        out().println("  " + id);
        out().println("  " + secret);
        out().println();
        out().println("  curl -H '" + id + "' -H '" + secret + "' https://HOST/");
        out().println();
        out().println(
                        "A service_auth policy that includes service_token "
                                + token.path("name").asString("")
                                + " lets it in.");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
