package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Program;
import java.io.IOException;

/// What a program has. Immutable.
///
/// @param heap bytes of live objects; not a number where it is no JVM
/// @param resident bytes
record Cost(double heap, long resident, long threads) {
    /// The heap is asked first: that collects.
    static Cost of(Program program) throws IOException, InterruptedException {
        long heap = program.liveBytes();
        return new Cost(heap < 0 ? Double.NaN : heap, program.residentBytes(), program.threads());
    }
}
