package dev.culvert.bench;

import dev.culvert.bench.cases.Case;
import dev.culvert.bench.cases.Load;
import dev.culvert.bench.ground.Candidate;
import dev.culvert.bench.ground.Failure;
import dev.culvert.bench.ground.Ground;
import dev.culvert.bench.ground.Line;
import dev.culvert.bench.ground.Relay;
import dev.culvert.bench.ground.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `bench/run`: measures every case on every system and writes the results. Exit 0, 1 when a system failed in a case,
/// 2 for a mistake on the command line.
public final class Main {
    private final Options options;
    private final Tools tools;
    private final List<Candidate> candidates;
    private final List<Case> cases;
    private final Load load;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<String, String> echoWays = new LinkedHashMap<>();

    private Main(Options options, Tools tools, List<Candidate> candidates, List<Case> cases) {
        this.options = options;
        this.tools = tools;
        this.candidates = candidates;
        this.cases = cases;
        this.load = options.load();
    }

    /// @param arguments the directories of the programs and of the bench, then the command line
    public static void main(String[] arguments) throws Exception {
        Path bench = Path.of(arguments[1]).toAbsolutePath();
        String[] rest = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
        Main main;
        try {
            Options options = Options.parse(rest, bench.resolve("results"));
            Tools tools = new Tools(Path.of(arguments[0]).toAbsolutePath(), bench.resolve("peers"));
            main =
                    new Main(
                            options,
                            tools,
                            chosen(Candidate.all(tools), options.systems()),
                            chosenCases(options.only()));
        } catch (Options.Wrong e) {
            System.err.println("bench: error: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        System.exit(main.run() ? 0 : 1);
    }

    private static List<Candidate> chosen(List<Candidate> all, List<String> wanted)
            throws Options.Wrong {
        List<String> names = all.stream().map(Candidate::name).toList();
        for (String each : wanted) {
            if (!names.contains(each)) {
                throw new Options.Wrong(
                        "--systems: " + each + " (expected: some of " + names + ")");
            }
        }
        return all.stream()
                .filter(each ->
                        wanted.isEmpty()
                                || wanted.contains(each.name())
                                || each.name().equals(Relay.DIRECT))
                .toList();
    }

    static List<Case> chosenCases(List<String> wanted) throws Options.Wrong {
        List<Case> all = Case.all();
        for (String each : wanted) {
            if (all.stream().noneMatch(one -> one.name().startsWith(each))) {
                throw new Options.Wrong(
                        "--only: "
                                + each
                                + " (expected: some of "
                                + all.stream().map(Case::name).toList()
                                + ")");
            }
        }
        return all.stream()
                .filter(one -> wanted.isEmpty() || wanted.stream().anyMatch(one.name()::startsWith))
                .toList();
    }

    private boolean run() throws IOException, InterruptedException {
        String started =
                LocalDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
        String loadBefore = Machine.loadAverage();
        List<Case> here = cases.stream().filter(each -> each.line().isEmpty()).toList();
        if (!here.isEmpty()) {
            int desktops = here.stream().anyMatch(Case::needsDesktops) ? load.desktops() : 0;
            try (Ground ground = Ground.loopback(tools, load.bulkBytes(), desktops)) {
                measure(ground, here);
            }
        }
        cases.stream()
                .flatMap(each -> each.line().stream())
                .distinct()
                .forEach(this::measureAcross);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("started", started);
        facts.putAll(Machine.facts());
        facts.put("load average", loadBefore + " before, " + Machine.loadAverage() + " after");
        Report report = new Report(facts, describe(), systems(), List.copyOf(outcomes.values()));
        Results.write(options.out(), report);
        System.err.println("bench: results in " + options.out());
        return outcomes.values().stream().allMatch(outcome -> outcome.failed().isEmpty());
    }

    private void measure(Ground ground, List<Case> some) throws InterruptedException {
        Measuring measuring = new Measuring(ground, candidates);
        measuring.relays().forEach((name, relay) -> echoWays.put(name, relay.echoWay()));
        measuring.warmUp(load.general());
        for (Case each : some) {
            long start = System.nanoTime();
            Outcome outcome = measuring.run(each, load, options.pairs());
            outcomes.put(each.name(), outcome);
            System.err.println(
                    "bench: %s (%d s): %s"
                            .formatted(
                                    each.name(),
                                    (System.nanoTime() - start) / 1_000_000_000,
                                    summary(outcome)));
        }
    }

    private static String summary(Outcome outcome) {
        var metric = outcome.what().metrics().getFirst();
        return outcome.systems().stream()
                .map(system ->
                        system
                                + " "
                                + outcome.spread(system, metric)
                                        .map(s -> dev.culvert.bench.figures.Figure.of(s.median()))
                                        .orElse("–"))
                .collect(Collectors.joining(", ", metric.heading() + ": ", ""));
    }

    private void measureAcross(Case.LineSettings settings) {
        List<Case> some =
                cases.stream().filter(each -> each.line().equals(Optional.of(settings))).toList();
        Optional<String> obstacle = Line.obstacle(tools);
        if (obstacle.isPresent()) {
            for (Case each : some) {
                Outcome outcome = new Outcome(each);
                candidates.forEach(
                        candidate -> outcome.notAvailable().put(candidate.name(), obstacle.get()));
                outcomes.put(each.name(), outcome);
                System.err.println("bench: " + each.name() + ": " + obstacle.get());
            }
            return;
        }
        try (Line line = new Line(settings.roundTrip(), settings.loss());
                Ground ground = Ground.across(line, tools, load.bulkBytes())) {
            measure(ground, some);
        } catch (IOException e) {
            for (Case each : some) {
                Outcome outcome = new Outcome(each);
                outcome.failed().put("all", Failure.line(e));
                outcomes.put(each.name(), outcome);
            }
            System.err.println("bench: no line: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, String> systems() {
        Map<String, String> systems = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            String way = echoWays.getOrDefault(candidate.name(), "");
            systems.put(
                    candidate.name(), candidate.note() + (way.isEmpty() ? "" : "; echo: " + way));
        }
        return systems;
    }

    private String describe() {
        List<String> words = new ArrayList<>();
        words.add(options.pairs() + " pairs");
        words.add(options.seconds() + " s each");
        words.add(load.bulkBytes() / 1_000_000.0 + " MB bulk");
        words.add(load.idleStreams() + " idle streams");
        words.add(load.desktops() + " desktops");
        return String.join(", ", words);
    }
}
