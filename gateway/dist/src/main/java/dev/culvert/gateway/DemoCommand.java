package dev.culvert.gateway;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.state.StateException;
import dev.culvert.gateway.demo.Demo;
import dev.culvert.gateway.demo.RdpHost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gateway demo`. Confined to the main thread.
@Command(
        name = "demo",
        description = "Run edge, connector and sample services on loopback, and say what to try.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where state and keys are kept (default: ~/.culvert/demo).")
    private @Nullable Path directory;

    @Option(
            names = "--rdp",
            paramLabel = "HOST[:PORT]",
            description = "A host of RDP at hand, to be shown in a browser.")
    private @Nullable String rdp;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
    DemoCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path home = Path.of(System.getProperty("user.home"), ".culvert", "demo");
        String access = System.getProperty("culvert.access.program", "access");
        RdpHost desktop = rdp == null ? null : RdpHost.read(rdp);
        if (rdp != null && desktop == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rdp: " + StateException.quoted(rdp) + " (expected: HOST or HOST:PORT)");
        }
        Termination termination = new Termination();
        try (Demo demo =
                Demo.start(
                        directory == null ? home : directory,
                        access,
                        "culvert/" + Version.text(),
                        desktop)) {
            out.println(
                    "Culvert demo is ready: edge, connector and sample services, all on loopback.");
            out.println();
            for (Demo.Example example : demo.examples()) {
                out.println("# " + example.what());
                out.println("$ " + example.command());
                out.println();
            }
            out.println("In a browser that trusts the demo's certificate authority:");
            for (Demo.Link link : demo.links()) {
                out.println("  " + link.url() + "   " + link.what());
            }
            out.println();
            out.println("Ctrl-C stops all of it.");
            out.flush();
            termination.await();
            out.println("Stopping.");
            out.flush();
            return 0;
        } catch (StateException e) {
            return e.code() == StateException.Code.LOCKED
                    ? Failures.demoRunsAlready(spec.commandLine().getErr(), e)
                    : Failures.report(spec.commandLine().getErr(), e);
        } catch (InvalidConfigException | BadCertificateException | IOException e) {
            return Failures.report(spec.commandLine().getErr(), e);
        } finally {
            termination.finished();
        }
    }
}
