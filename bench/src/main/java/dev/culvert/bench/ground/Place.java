package dev.culvert.bench.ground;

import java.util.ArrayList;
import java.util.List;

/// A network programs run in. Immutable.
///
/// @param address by which the other place reaches it
/// @param bind what servers listen on there
/// @param enter what is put before a command to run it there
public record Place(String address, String bind, List<String> enter) {
    /// The network this program runs in.
    static final Place HERE = new Place("127.0.0.1", "127.0.0.1", List.of());

    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(enter);
        all.addAll(command);
        return all;
    }
}
