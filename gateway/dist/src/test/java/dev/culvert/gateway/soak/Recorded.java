package dev.culvert.gateway.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/// Terminals of stock `ssh` through the edge's own SSH server, all recorded, in which the host writes a numbered line
/// with the time fifty times a second. In the middle of that the edge is killed (`kill -9`) and started again, a hundred
/// times. Each recording must be good but for its torn tail, with every line from the first, and reach to a second
/// before the kill; what was signed when it was killed is good.
///
/// Used by one thread.
final class Recorded {
    private static final int SESSIONS = 3;
    private static final String AUTH_HOST = "auth.localhost";
    private static final String SSH_HOST = "shell.localhost";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What the kernel has when the edge is killed.
    private static final long AT_MOST_BEHIND = 1000;

    /// A signature a second, and time to make it.
    private static final long AT_MOST_UNSIGNED = 3000;

    /// Reading from the terminal, where nothing comes, is how a shell waits without another program.
    private static final String LINES =
            "stty -echo; LC_ALL=C exec bash -c '"
                    + "while :; do echo \"line $((++n)) $EPOCHREALTIME\"; read -rt 0.02 _; done'";

    private final Scenarios scenarios;
    private final Path directory;
    private final Site site;
    private final int sshPort;
    private final Set<Path> checked = new HashSet<>();
    private String key = "";
    private int torn;
    private int recordings;
    private long behindClient;
    private long behindKill;
    private long unsigned;

    Recorded(Site site, Scenarios scenarios) throws IOException, InterruptedException {
        this.scenarios = scenarios;
        directory = Files.createDirectory(site.directory().resolve("recorded"));
        this.site = Site.create(site.programs(), directory);
        this.site.gateway("route", "add", SSH_HOST, "soak");
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            sshPort = probe.getLocalPort();
        }
    }

    Row run() throws Exception {
        int kills = scenarios.scaled(100, 2);
        try (SshHost host = new SshHost(directory);
                Stage stage = stage(host)) {
            signUp(stage, host);
            Measured measured = new Measured("recordings", stage, false);
            for (int kill = 0; kill < kills; kill++) {
                List<Program> sessions = open(host);
                Thread.sleep(ThreadLocalRandom.current().nextLong(200, 2200));
                Map<Path, Long> signed = signed();
                stage.killEdge();
                long killed = micros(Instant.now());
                for (Program session : sessions) {
                    session.awaitEnd(PATIENCE);
                }
                stage.restartEdge();
                stage.killConnector();
                stage.restartConnector();
                check(sessions, signed, killed);
                stage.awaitConnections();
            }
            measured.loaded();
            return judged(measured.row(detail(kills), Scenarios.KEPT));
        }
    }

    private Stage stage(SshHost host) throws Exception {
        Path configuration = directory.resolve("edge.yml");
        Files.writeString(
                configuration,
                """
                auth_host: %s
                ssh_listen: 127.0.0.1:%d
                access:
                  applications:
                    - name: shell
                      kind: ssh
                      domains: [%s]
                      ssh: {recording: required, host_keys: ['%s']}
                      policies:
                        - name: soak
                          decision: allow
                          include: [{email: %s}]
                          ssh: {principals: [%s]}
                """
                        .formatted(
                                AUTH_HOST,
                                sshPort,
                                SSH_HOST,
                                host.hostKey(),
                                FirstUser.EMAIL,
                                SshHost.LOGIN));
        Path rules = directory.resolve("config.yml");
        Files.writeString(
                rules,
                """
                ingress:
                  - hostname: %s
                    service: ssh://127.0.0.1:%d
                  - service: http_status:404
                """
                        .formatted(SSH_HOST, host.port()));
        return new Stage(site, rules, 1, "", "", List.of("--config", configuration.toString()));
    }

    private void signUp(Stage stage, SshHost host) throws IOException, InterruptedException {
        host.trust(
                site.gateway("ssh", "ca"), site.gateway("ssh", "ca", "--known-hosts", AUTH_HOST));
        FirstUser user = new FirstUser(directory, stage.authority());
        String origin = user.signUp(stage.edge().await("link=(https://\\S+)", PATIENCE));
        user.register(origin, host.userKey());
        Matcher named =
                java.util.regex.Pattern.compile("SHA256:\\S+")
                        .matcher(site.gateway("recording", "key"));
        if (!named.find()) {
            throw new IOException("recording key names none");
        }
        key = named.group();
    }

    private List<Program> open(SshHost host) throws IOException, InterruptedException {
        String target = SshHost.LOGIN + "%" + SSH_HOST;
        List<Program> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(host.open(target, sshPort, AUTH_HOST, LINES));
        }
        for (Program session : sessions) {
            session.await("(line 1) ", PATIENCE);
        }
        return sessions;
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }

    /// Each client's lines are in one recording. Which one is whose does not matter: they differ by the time of
    /// their first line.
    ///
    /// @param signedBefore how many records of each were signed when the edge was killed
    private void check(List<Program> sessions, Map<Path, Long> signedBefore, long killed)
            throws Exception {
        if (signedBefore.size() != sessions.size()) {
            throw new IOException(signedBefore.size() + " recordings of " + sessions.size());
        }
        checked.addAll(signedBefore.keySet());
        Map<Path, Long> signed = verified(signedBefore.keySet());
        Map<String, Cast.Numbered> seen = new HashMap<>();
        for (Program session : sessions) {
            String log = session.log();
            seen.put(first(log), Cast.Numbered.lastOf(log));
        }
        for (var recording : signed.entrySet()) {
            if (recording.getValue() < signedBefore.get(recording.getKey())) {
                throw new IOException(recording.getKey() + ": what was signed is not good");
            }
            Cast cast = Cast.read(recording.getKey(), recording.getValue());
            Cast.Numbered client = seen.remove(first(Files.readString(recording.getKey())));
            if (client == null) {
                throw new IOException(recording.getKey() + " has the lines of no client");
            }
            behindClient = Math.max(behindClient, cast.last().millisUntil(client.micros()));
            behindKill = Math.max(behindKill, cast.last().millisUntil(killed));
            unsigned = Math.max(unsigned, cast.signed().millisUntil(killed));
        }
        recordings += signed.size();
    }

    private static String first(String text) throws IOException {
        Matcher line = java.util.regex.Pattern.compile("line 1 ([0-9.]+)").matcher(text);
        if (!line.find()) {
            throw new IOException("no first line in " + text);
        }
        return line.group(1);
    }

    /// What `gateway recording verify` says of them: it names the file when there are several.
    ///
    /// @return how many records of each are signed
    private Map<Path, Long> verified(Set<Path> files) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                site.programs().resolve("gateway").toString(),
                                "recording",
                                "verify",
                                "--key",
                                key));
        files.forEach(file -> command.add(file.toString()));
        Program verify = Program.start("verify", directory, Map.of(), command);
        verify.awaitEnd(PATIENCE);
        String said = verify.log();
        return files.stream().collect(Collectors.toMap(file -> file, file -> records(said, file)));
    }

    private long records(String said, Path file) {
        Matcher verdict =
                java.util.regex.Pattern.compile(
                                java.util.regex.Pattern.quote(file.toString())
                                        + ": (torn tail: good up to|cut after a checkpoint: it ends after)"
                                        + " record (\\d+)")
                        .matcher(said);
        if (!verdict.find()) {
            throw new IllegalStateException("not a torn tail: " + said);
        }
        torn += verdict.group(1).startsWith("torn") ? 1 : 0;
        return Long.parseLong(verdict.group(2));
    }

    /// The recordings that are not checked yet.
    ///
    /// @return how many records of each are signed now
    private Map<Path, Long> signed() throws IOException {
        Map<Path, Long> signed = new HashMap<>();
        try (var files = Files.walk(site.state().resolve("recordings"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".cast")).toList()) {
                if (!checked.contains(file)) {
                    signed.put(file, lastCheckpoint(Path.of(file + ".sig")));
                }
            }
        }
        return signed;
    }

    private static long lastCheckpoint(Path sidecar) throws IOException {
        Matcher checkpoint =
                java.util.regex.Pattern.compile("(?m)^\\{\"checkpoint\":(\\d+),.*\\}\\n")
                        .matcher(Files.readString(sidecar));
        long records = 0;
        while (checkpoint.find()) {
            records = Long.parseLong(checkpoint.group(1));
        }
        return records;
    }

    private String detail(int kills) {
        return ("%d kills, %d recordings, %d of them with a torn tail, the others end at a checkpoint;"
                        + " ms at most: written behind the client %d, behind the kill %d; signed behind"
                        + " the kill %d")
                .formatted(kills, recordings, torn, behindClient, behindKill, unsigned);
    }

    private Row judged(Row row) {
        // The small size runs beside whatever else a machine does: there, late is not lost.
        int lateness = scenarios.isFull() ? 1 : 4;
        if (Math.max(behindClient, behindKill) > AT_MOST_BEHIND * lateness) {
            return row.failed("recordings end more than " + lateness + " s before the kill");
        }
        return unsigned > AT_MOST_UNSIGNED * lateness
                ? row.failed("more than " + 3 * lateness + " s are not signed")
                : row;
    }
}
