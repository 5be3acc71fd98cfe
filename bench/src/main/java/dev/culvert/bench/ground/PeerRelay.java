package dev.culvert.bench.ground;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Any other program that makes services of the far place reachable at the near one, described by a file
/// `bench/peers/NAME.peer` (Java properties):
///
/// | key | value |
/// |---|---|
/// | `name`, `note` | as in the report |
/// | `programs` | executables it needs, by spaces; each becomes `{NAME}` |
/// | `file.NAME` | text of a file, whose path becomes `{file.NAME}` |
/// | `near`, `far` | command line there, split at spaces; either may be absent |
///
/// Placeholders in files and commands: `{near}`, `{far}` addresses by which the other place is reached; `{near.bind}`,
/// `{far.bind}` what a server listens on for the other place; `{port.NAME}` a free port for the program itself;
/// `{web}`, `{origin}`, `{echo}` ports on 127.0.0.1 that must be served at the near place; `{far.web}`, `{far.origin}`,
/// `{far.echo}` the services' ports on 127.0.0.1 of the far place. Users speak plain TCP to it. Confined to one thread.
final class PeerRelay implements Relay {
    private static final Pattern PORT = Pattern.compile("\\{port\\.\\w+}");

    private final List<Program> programs;
    private final int web;
    private final int origin;
    private final int echo;

    private PeerRelay(List<Program> programs, int web, int origin, int echo) {
        this.programs = programs;
        this.web = web;
        this.origin = origin;
        this.echo = echo;
    }

    static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        for (String key : List.of("name", "programs")) {
            if (properties.getProperty(key, "").isBlank()) {
                throw new IOException(file + ": " + key + ": missing");
            }
        }
        return properties;
    }

    static Candidate.Offer start(Ground ground, Properties description)
            throws IOException, InterruptedException {
        Map<String, String> words = new LinkedHashMap<>();
        for (String program : description.getProperty("programs").split(" +")) {
            String path = ground.tools().find(program).orElse("");
            if (path.isEmpty()) {
                return new Candidate.NotAvailable("no " + program + " in PATH");
            }
            words.put("{" + program + "}", path);
        }
        int web = Ground.freePort();
        int origin = Ground.freePort();
        int echo = Ground.freePort();
        words.put("{near}", ground.near().address());
        words.put("{far}", ground.far().address());
        words.put("{near.bind}", ground.near().bind());
        words.put("{far.bind}", ground.far().bind());
        for (String value : description.stringPropertyNames()) {
            Matcher port = PORT.matcher(description.getProperty(value));
            while (port.find()) {
                if (!words.containsKey(port.group())) {
                    words.put(port.group(), "" + Ground.freePort());
                }
            }
        }
        words.put("{web}", "" + web);
        words.put("{origin}", "" + origin);
        words.put("{echo}", "" + echo);
        words.put("{far.web}", "" + ground.origins().webPort());
        words.put("{far.origin}", "" + ground.origins().httpPort());
        words.put("{far.echo}", "" + ground.origins().echoPort());
        String name = description.getProperty("name");
        for (String key : description.stringPropertyNames()) {
            if (key.startsWith("file.")) {
                Path file = ground.directory().resolve(name + "-" + key.substring(5));
                Files.writeString(file, fill(description.getProperty(key), words));
                words.put("{" + key + "}", file.toString());
            }
        }
        List<Program> programs = new ArrayList<>();
        for (String side : List.of("near", "far")) {
            String command = description.getProperty(side, "");
            if (!command.isBlank()) {
                programs.add(
                        ground.start(
                                name + " " + side,
                                side.equals("near") ? ground.near() : ground.far(),
                                Map.of(),
                                List.of(fill(command.strip(), words).split(" +"))));
            }
        }
        if (programs.isEmpty()) {
            throw new IOException(name + ": neither near nor far has a command");
        }
        PeerRelay relay = new PeerRelay(programs, web, origin, echo);
        Reachable.await(relay.web(), programs.getLast());
        return new Candidate.Open(relay);
    }

    private static String fill(String text, Map<String, String> words) {
        String filled = text;
        for (var word : words.entrySet()) {
            filled = filled.replace(word.getKey(), word.getValue());
        }
        return filled;
    }

    @Override
    public Endpoint web() {
        return Endpoint.plain("127.0.0.1", web);
    }

    @Override
    public Endpoint origin() {
        return Endpoint.plain("127.0.0.1", origin);
    }

    @Override
    public OptionalInt echo(int session) {
        return OptionalInt.of(echo);
    }

    @Override
    public String echoWay() {
        return "TCP to its port";
    }

    @Override
    public List<Program> programs() {
        return programs;
    }
}
