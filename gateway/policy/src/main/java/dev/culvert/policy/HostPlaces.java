package dev.culvert.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The places that a request to one host can be in, the most specific first. Immutable.
final class HostPlaces {
    private final List<PathPlace> places = new ArrayList<>();
    private final @Nullable Application only;

    /// @param layers the host's own places, then those of the wildcards above it, the longest first
    HostPlaces(List<List<PathPlace>> layers) {
        boolean all = false;
        for (List<PathPlace> layer : layers) {
            if (all) {
                break;
            }
            List<PathPlace> sorted = new ArrayList<>(layer);
            sorted.sort(Comparator.comparing(place -> -place.path().length()));
            places.addAll(sorted);
            all = sorted.getLast().path().isEmpty();
        }
        Application first = places.getFirst().application();
        boolean same = places.stream().allMatch(place -> place.application() == first);
        this.only = all && same ? first : null;
    }

    Stream<Application> applications() {
        return places.stream().map(PathPlace::application);
    }

    /// @return null for no application, [PolicyEngine#UNCLEAR] when it depends on the reading
    @Nullable Application find(String path) {
        if (only != null) {
            return only;
        }
        if (PathReadings.isClear(path)) {
            return first(path, true);
        }
        Set<String> readings = PathReadings.of(path);
        if (readings.isEmpty()) {
            return PolicyEngine.UNCLEAR;
        }
        Application found = null;
        boolean any = false;
        for (String reading : readings) {
            Application one = first(reading, false);
            if (any && one != found) {
                return PolicyEngine.UNCLEAR;
            }
            found = one;
            any = true;
        }
        return found;
    }

    private @Nullable Application first(String path, boolean clear) {
        for (PathPlace place : places) {
            if (clear ? place.holdsClear(path) : place.holds(path)) {
                return place.application();
            }
        }
        return null;
    }
}
