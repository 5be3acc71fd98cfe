package dev.culvert.bench.cases;

import dev.culvert.bench.ground.DesktopWay;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One thing to measure. Implementations hold no state.
public interface Case {
    /// A line between user and services that a case wants.
    ///
    /// @param loss part of the packets
    record LineSettings(Duration roundTrip, double loss) {}

    String name();

    String title();

    /// The chart it is in.
    String group();

    /// The first is the one that is charted and compared first.
    List<Metric> metrics();

    /// Processors the load generator can keep busy: at that many it is the bottleneck.
    int generatorThreads();

    default Optional<LineSettings> line() {
        return Optional.empty();
    }

    /// Whether it takes hosts of remote desktops, which are there for no other.
    default boolean needsDesktops() {
        return false;
    }

    /// Why this system cannot take part.
    default Optional<String> obstacle(Relay relay) throws IOException, InterruptedException {
        return Optional.empty();
    }

    /// Blocking.
    ///
    /// @return a value for each metric
    /// @throws Exception when a byte is wrong or the system failed
    Map<String, Double> measure(Relay relay, Load load) throws Exception;

    /// What makes programs warm.
    static Case warmUp() {
        return new RequestCase("warm-up", "Warm-up", "/small", 32);
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        all.add(new RequestCase("small-1", "Small requests, 1 connection", "/small", 1));
        all.add(new RequestCase("small-32", "Small requests, 32 connections", "/small", 32));
        all.add(new RequestCase("medium", "100 KB responses, 8 connections", "/medium", 8));
        all.add(new BulkCase(true));
        all.add(new BulkCase(false));
        all.add(new ParallelCase());
        all.add(new WebSocketCase());
        all.add(new KeystrokeCase());
        all.add(new OpenCase());
        all.add(new IdleCase());
        all.add(new ShellCase());
        all.add(new SshKeystrokeCase());
        all.add(new SshSessionsCase());
        for (DesktopWay.Kind kind : DesktopWay.Kind.values()) {
            all.add(new DesktopSessionsCase(kind));
        }
        for (int millis : new int[] {20, 100}) {
            for (int percent : new int[] {0, 1}) {
                all.add(new DistanceCase(millis, percent));
            }
        }
        return all;
    }
}
