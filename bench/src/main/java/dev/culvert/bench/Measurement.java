package dev.culvert.bench;

import dev.culvert.bench.ground.Usage;
import java.util.Map;

/// One system measured once. Immutable.
///
/// @param round from 0
/// @param beside the system that was measured right before or after it
/// @param values by metric
/// @param programs what each used meanwhile, by role: those of the system and the services
/// @param generatorSeconds processor time of the load generator
record Measurement(
        String system,
        int round,
        String beside,
        double seconds,
        Map<String, Double> values,
        Map<String, Usage> programs,
        double generatorSeconds) {}
