package dev.culvert.bench;

import dev.culvert.bench.cases.Case;
import dev.culvert.bench.cases.Load;
import dev.culvert.bench.ground.Candidate;
import dev.culvert.bench.ground.Failure;
import dev.culvert.bench.ground.Ground;
import dev.culvert.bench.ground.Proc;
import dev.culvert.bench.ground.Program;
import dev.culvert.bench.ground.Relay;
import dev.culvert.bench.ground.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The systems that are up on a ground, and the measuring of cases there. In each round each system is measured once with
/// `direct` beside it, in turn before and after. Confined to one thread.
final class Measuring {
    private final Ground ground;
    private final Map<String, Relay> relays = new LinkedHashMap<>();
    private final Map<String, String> notAvailable = new LinkedHashMap<>();
    private final Map<String, String> broken = new LinkedHashMap<>();

    Measuring(Ground ground, List<Candidate> candidates) throws InterruptedException {
        this.ground = ground;
        for (Candidate candidate : candidates) {
            System.err.println("bench: starting " + candidate.name());
            try {
                switch (candidate.start().on(ground)) {
                    case Candidate.Open open -> relays.put(candidate.name(), open.relay());
                    case Candidate.NotAvailable not -> {
                        notAvailable.put(candidate.name(), not.reason());
                        System.err.println(
                                "bench: "
                                        + candidate.name()
                                        + " is not available: "
                                        + not.reason());
                    }
                }
            } catch (IOException e) {
                broken.put(candidate.name(), "did not start: " + Failure.line(e));
                System.err.println(
                        "bench: " + candidate.name() + " did not start: " + e.getMessage());
            }
        }
    }

    /// Lets the compilers of the programs see the path before anything counts.
    void warmUp(Load load) throws InterruptedException {
        for (String system : relays.keySet()) {
            try {
                Case.warmUp().measure(relay(system), load);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // It will fail again where that is told.
                System.err.println("bench: warming up " + system + ": " + e);
            }
        }
    }

    Map<String, Relay> relays() {
        return relays;
    }

    Outcome run(Case what, Load load, int pairs) throws InterruptedException {
        Outcome outcome = new Outcome(what);
        outcome.notAvailable().putAll(notAvailable);
        outcome.failed().putAll(broken);
        List<String> systems = new ArrayList<>();
        for (String system : relays.keySet()) {
            if (warmUp(outcome, system, load)) {
                systems.add(system);
            }
        }
        boolean withDirect = systems.remove(Relay.DIRECT);
        if (systems.isEmpty() && withDirect) {
            systems.add(Relay.DIRECT);
            withDirect = false;
        }
        for (int round = 0; round < pairs; round++) {
            for (String system : systems) {
                if (withDirect && round % 2 == 0) {
                    measure(outcome, Relay.DIRECT, system, round, load);
                }
                measure(outcome, system, withDirect ? Relay.DIRECT : "", round, load);
                if (withDirect && round % 2 == 1) {
                    measure(outcome, Relay.DIRECT, system, round, load);
                }
            }
        }
        return outcome;
    }

    /// @return whether the system takes part
    private boolean warmUp(Outcome outcome, String system, Load load) throws InterruptedException {
        try {
            Relay relay = relay(system);
            Optional<String> obstacle = outcome.what().obstacle(relay);
            if (obstacle.isPresent()) {
                outcome.notAvailable().put(system, obstacle.get());
                return false;
            }
            outcome.what().measure(relay, load.warmUp());
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            fail(outcome, system, e);
            return false;
        }
    }

    private void measure(Outcome outcome, String system, String beside, int round, Load load)
            throws InterruptedException {
        if (outcome.failed().containsKey(system)) {
            return;
        }
        Relay relay = relay(system);
        List<Program> programs = new ArrayList<>(relay.programs());
        programs.addAll(ground.origins().programs());
        try {
            Map<String, Usage> before = new LinkedHashMap<>();
            for (Program program : programs) {
                program.forgetPeak();
                before.put(program.role(), program.usage());
            }
            double generator = Proc.ownCpuSeconds();
            long start = System.nanoTime();
            Map<String, Double> values = outcome.what().measure(relay, load);
            double seconds = (System.nanoTime() - start) / 1e9;
            generator = Proc.ownCpuSeconds() - generator;
            Map<String, Usage> used = new LinkedHashMap<>();
            for (Program program : programs) {
                Usage after = program.usage();
                double cpu =
                        after.cpuSeconds()
                                - before.getOrDefault(program.role(), after).cpuSeconds();
                used.put(
                        program.role().replace(system + " ", ""),
                        new Usage(cpu, after.peakBytes()));
            }
            outcome.measurements()
                    .add(new Measurement(system, round, beside, seconds, values, used, generator));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            fail(outcome, system, e);
        }
    }

    private Relay relay(String system) {
        Relay relay = relays.get(system);
        if (relay == null) {
            throw new IllegalStateException("no system " + system);
        }
        return relay;
    }

    /// Tells which of its programs has ended, if one has: that is the failure then.
    private void fail(Outcome outcome, String system, Exception e) {
        String reason = Failure.line(e);
        for (Program program : relay(system).programs()) {
            try {
                reason = program.obituary().orElse(reason);
            } catch (IOException noLog) {
                reason = noLog.getMessage();
            }
        }
        ground.keepLogs();
        outcome.failed().put(system, Failure.line(new IOException(reason)));
        System.err.println(
                "bench: " + outcome.what().name() + ": " + system + " failed: " + reason);
    }
}
