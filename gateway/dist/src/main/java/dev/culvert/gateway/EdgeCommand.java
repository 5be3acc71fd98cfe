package dev.culvert.gateway;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.EdgeAccess;
import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeOptions;
import dev.culvert.edge.EdgeServer;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gateway edge`: runs an edge until SIGTERM or SIGINT. Confined to the main thread.
@Command(
        name = "edge",
        description = "Run an edge: accepts connectors and users.",
        mixinStandardHelpOptions = true)
final class EdgeCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(EdgeCommand.class);

    @Spec private CommandSpec spec;
    @Mixin private EdgeOptions options = new EdgeOptions();

    @Option(
            names = "--loglevel",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "debug, info, warn or error (default: ${DEFAULT-VALUE}).")
    private String logLevel = "info";

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
    EdgeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LogLevels.set(spec, logLevel);
        EdgeServer server;
        try {
            EdgeConfig config =
                    options.load(
                            Path.of(System.getProperty("user.home")),
                            System.getenv("CULVERT_STATE"));
            server = EdgeServer.start(config);
        } catch (InvalidConfigException
                | StateException
                | BadCertificateException
                | IOException e) {
            return Failures.report(spec.commandLine().getErr(), e);
        }
        Termination termination = new Termination();
        try (server) {
            log.info(
                    "Edge ready public={} tunnels={} metrics=http://{}",
                    text(server.publicAddress()),
                    text(server.tunnelAddress()),
                    text(server.metricsAddress()));
            sayHowToTrust(server.authority());
            sayHowToBegin(server.access());
            termination.await();
            server.drain();
        } finally {
            termination.finished();
        }
        return 0;
    }

    private static void sayHowToBegin(@Nullable EdgeAccess access) {
        if (access == null) {
            return;
        }
        log.info("People sign in at address={}/", access.address().origin());
        try {
            Optional<String> link = access.firstAdminLink();
            if (link.isPresent()) {
                log.warn(
                        "There is no administrator yet. Whoever opens this link first becomes one,"
                                + " within 24 hours link={}",
                        link.get());
            }
        } catch (StateException e) {
            log.error("No link for the first administrator could be made", e);
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void sayHowToTrust(LocalAuthority authority) {
        switch (authority.outcome()) {
            case LocalAuthority.Outcome.Created created ->
                    log.info(
                            "Give this file to connectors and users, who trust it with --cacert; browsers"
                                    + " import it file={}",
                            authority.certificateFile());
            case LocalAuthority.Outcome.Kept kept ->
                    log.info("Certificate authority file={}", authority.certificateFile());
            case LocalAuthority.Outcome.Replaced replaced ->
                    log.warn(
                            "Certificate authority replaced, give its file to connectors and users again file={} old={} reason=\"{}\"",
                            authority.certificateFile(),
                            replaced.old(),
                            replaced.reason());
        }
    }
}
