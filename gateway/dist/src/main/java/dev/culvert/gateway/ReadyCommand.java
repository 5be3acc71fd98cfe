package dev.culvert.gateway;

import dev.culvert.edge.command.CommandErrors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gateway connector ready`: asks a running connector whether it is connected, as
/// `cloudflared tunnel ready` does; for health checks. Exit code 0 when it is.
///
/// Confined to the main thread.
@Command(
        name = "ready",
        description = "Ask a running connector whether it is connected to an edge.",
        mixinStandardHelpOptions = true)
final class ReadyCommand implements Callable<Integer> {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    @Spec private CommandSpec spec;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:TUNNEL_METRICS}",
            description = "Where the connector serves its metrics (or TUNNEL_METRICS).")
    private @Nullable String metrics;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
    ReadyCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        String address = metrics;
        if (address == null || address.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--metrics: missing (expected: the connector's HOST:PORT, such as localhost:20241)");
        }
        HttpRequest request;
        try {
            request =
                    HttpRequest.newBuilder(URI.create("http://" + address + "/ready"))
                            .timeout(WITHIN)
                            .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--metrics: \""
                            + address
                            + "\" (expected: HOST:PORT, such as localhost:20241)");
        }
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(WITHIN)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .build()) {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            spec.commandLine().getOut().println(answer.body().strip());
            spec.commandLine().getOut().flush();
            if (answer.statusCode() == 200) {
                return 0;
            }
            CommandErrors.print(
                    spec.commandLine().getErr(),
                    "the connector at "
                            + address
                            + " is not connected ("
                            + answer.statusCode()
                            + ")",
                    "see its log");
            return Failures.FAILED;
        } catch (IOException e) {
            CommandErrors.print(
                    spec.commandLine().getErr(),
                    "no connector answers at " + address,
                    "is it running, and is this the address of its --metrics?");
            return Failures.FAILED;
        }
    }
}
