package dev.culvert.connector.reload;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.engine.LiveRules;
import dev.culvert.connector.engine.OriginTargets;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressReader;
import dev.culvert.connector.ingress.RulesJson;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.transport.Dialer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts new rules in force: those of the file when it has changed, those of the edge when it sends
/// some. What is wrong is said once and changes nothing.
///
/// The file's rules are used until the edge's first ones arrive; from then on the edge's are, until
/// the process ends.
///
/// ### Versions
///
/// Those of the edge are signed and counted for the process: the first is compared with -1, only a
/// greater one is applied, and one that is rejected is not used up.
///
/// Thread-safe: one update at a time. Blocking: virtual threads only.
///
/// Source: cloudflared, `orchestration/orchestrator.go`.
public final class RuleUpdates {
    private static final Logger log = LoggerFactory.getLogger(RuleUpdates.class);
    private static final int NEVER = -1;

    private final ConnectorConfig started;
    private final LiveRules live;
    private final Dialer dialer;
    private final OwnListeners own;
    private final ReloadCounts counts;
    private final Set<String> noted;
    private ConnectorConfig file;
    private volatile int version = NEVER;

    /// @param started the configuration the connector began with; owned by the caller
    /// @param own where this process listens: no destination for clients
    public RuleUpdates(
            ConnectorConfig started,
            LiveRules live,
            Dialer dialer,
            OwnListeners own,
            ReloadCounts counts) {
        this.started = started;
        this.live = live;
        this.dialer = dialer;
        this.own = own;
        this.counts = counts;
        this.noted = new HashSet<>(started.notes());
        this.file = started;
    }

    /// The version of the edge's rules in force; -1 while there are none.
    public int version() {
        return version;
    }

    /// As `/config` shows it.
    public String json() {
        return RulesJson.versioned(version, live.current().ingress());
    }

    /// As the edge is told of them, while they are this connector's own; empty afterwards. Does not block.
    public String ownJson() {
        return version == NEVER ? RulesJson.local(live.current().ingress()) : "";
    }

    // ---- the file

    /// Reads the file and takes its rules.
    public synchronized void readFile() {
        if (version != NEVER) {
            log.info(
                    "Configuration file changed without an effect file={} reason=\"the rules in"
                            + " force came from the edge\" version={}",
                    started.file(),
                    version);
            return;
        }
        ConnectorConfig read;
        try {
            read = file.source().readAgain(started);
        } catch (InvalidConfigException e) {
            rejected(e.problems().stream().map(ConfigProblem::toString).toList());
            return;
        }
        if (read.ingress().rules().isEmpty() && !file.ingress().rules().isEmpty()) {
            // An editor may have just emptied the file, or half of it is written.
            rejected(
                    List.of(
                            started.file()
                                    + " ingress: no rules are left (expected: at least one; to run"
                                    + " without rules start the connector again)"));
            return;
        }
        String failure = putInForce(read.ingress());
        if (failure != null) {
            rejected(List.of(started.file() + ": " + failure));
            return;
        }
        read.notes().stream().filter(noted::add).forEach(log::info);
        List<String> later = started.source().changedAtStartOnly(read.source());
        if (!later.isEmpty()) {
            log.warn(
                    "Changed keys take effect at the next start keys={} file={}",
                    later,
                    started.file());
        }
        file = read;
        counts.applied(ReloadCounts.Source.FILE);
        log.info(
                "Configuration file taken file={} rules={} draining={}",
                started.file(),
                read.ingress().rules().size(),
                live.draining());
    }

    private void rejected(List<String> problems) {
        counts.rejected(ReloadCounts.Source.FILE);
        log.warn(
                "Configuration file not taken, the rules in force stay file={} problems={}\n  {}",
                started.file(),
                problems.size(),
                String.join("\n  ", problems));
    }

    // ---- the edge

    /// What became of a configuration the edge sent.
    ///
    /// @param version in force now
    /// @param problem why the one sent is not; null when it is, or was not needed
    public record Pushed(int version, @Nullable String problem) {}

    /// Takes a configuration of the edge.
    ///
    /// @param config the mapping with `ingress` and the other keys; null when it was missing
    /// @param problems of the document `config` is in; what is wrong is added
    /// @param ignored unknown keys, filled while `config` is read
    public synchronized Pushed push(
            int wanted, @Nullable ConfigMap config, ProblemList problems, List<String> ignored) {
        if (wanted <= version) {
            log.debug("configuration of the edge is known version={} has={}", wanted, version);
            return new Pushed(version, null);
        }
        if (config == null) {
            if (problems.isEmpty()) {
                problems.add(
                        "configuration of the edge", "config", "missing (expected: an object)");
            }
            return refused(wanted, problems);
        }
        List<String> notes = new ArrayList<>();
        Ingress ingress = ingress(config, notes);
        if (!problems.isEmpty()) {
            ingress.close();
            return refused(wanted, problems);
        }
        String failure = putInForce(ingress);
        if (failure != null) {
            problems.add("configuration of the edge", "", failure);
            return refused(wanted, problems);
        }
        version = wanted;
        counts.applied(ReloadCounts.Source.EDGE);
        notes.stream().filter(noted::add).forEach(log::info);
        if (!ignored.isEmpty()) {
            log.info("Keys of the edge's configuration are not known here keys={}", ignored);
        }
        log.info(
                "Configuration of the edge taken version={} rules={} draining={}",
                version,
                ingress.rules().size(),
                live.draining());
        return new Pushed(version, null);
    }

    private Ingress ingress(ConfigMap config, List<String> notes) {
        IngressReader reader = new IngressReader(started.plugins(), notes::add);
        OriginRequest defaults = reader.defaults(config);
        boolean none =
                config.value("ingress") instanceof dev.culvert.config.ConfigValue rules
                        && rules.isList()
                        && rules.elements().isEmpty();
        Ingress ingress = none ? Ingress.empty() : reader.read(config, defaults);
        if (config.map("warp-routing") instanceof ConfigMap privateNetworks) {
            privateNetworks.accept("enabled", "connectTimeout", "tcpKeepAlive", "maxActiveFlows");
            notes.add("warp-routing has no effect: this connector serves no private networks");
            privateNetworks.finish();
        }
        config.finish();
        return ingress;
    }

    private Pushed refused(int wanted, ProblemList problems) {
        counts.rejected(ReloadCounts.Source.EDGE);
        List<String> lines = problems.problems().stream().map(ConfigProblem::toString).toList();
        log.warn(
                "Configuration of the edge not taken, the rules in force stay version={} has={}"
                        + " problems={}\n  {}",
                wanted,
                version,
                lines.size(),
                String.join("\n  ", lines));
        return new Pushed(version, String.join("\n", lines));
    }

    /// Starts the origins and exchanges the rules; closes the origins when that does not work.
    ///
    /// @return what failed, or null
    private @Nullable String putInForce(Ingress ingress) {
        boolean used = false;
        try {
            ingress.start();
            used = live.replace(new OriginTargets(ingress, dialer, own));
            return used ? null : "the connector is about to end";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } finally {
            if (!used) {
                ingress.close();
            }
        }
    }
}
