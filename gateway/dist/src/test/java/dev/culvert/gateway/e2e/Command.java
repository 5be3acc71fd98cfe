package dev.culvert.gateway.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How to start a program. Immutable.
///
/// @param words program and arguments
/// @param environment in addition to what every program gets, see [Programs]
/// @param input what standard input holds; null for nothing
record Command(List<String> words, Map<String, String> environment, @Nullable Path input) {

    static Command of(Object... words) {
        List<String> all = new ArrayList<>();
        for (Object word : words) {
            if (word instanceof Collection<?> some) {
                some.forEach(each -> all.add(each.toString()));
            } else {
                all.add(word.toString());
            }
        }
        return new Command(List.copyOf(all), Map.of(), null);
    }

    /// Words separated by single spaces.
    static Command line(String words) {
        return of(List.of(words.split(" ")));
    }

    /// A line as a person types it.
    static Command shell(String line) {
        return of("bash", "-c", line);
    }

    /// `bin/gateway` of the shipped tree.
    static Command gateway(Object... arguments) {
        return of(Shipped.GATEWAY, List.of(arguments));
    }

    /// `bin/access` of the shipped tree.
    static Command access(Object... arguments) {
        return of(Shipped.ACCESS, List.of(arguments));
    }

    Command with(String variable, Object value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value.toString());
        return new Command(words, more, input);
    }

    Command reading(Path file) {
        return new Command(words, environment, file);
    }

    /// With further arguments.
    Command and(Object... arguments) {
        List<Object> all = new ArrayList<>(words);
        all.addAll(List.of(arguments));
        return new Command(of(all).words, environment, input);
    }

    /// With one word in the place of another.
    Command replacing(String word, String by) {
        return new Command(
                words.stream().map(each -> each.equals(word) ? by : each).toList(),
                environment,
                input);
    }

    String name() {
        return Path.of(words.getFirst()).getFileName().toString();
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
