package dev.culvert.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All places of all applications, by host. Immutable.
final class Places {
    private static final int MAX_HOST = 253;

    private final Map<String, HostPlaces> exact = new HashMap<>();
    private final Map<String, HostPlaces> wildcards = new HashMap<>();

    Places(List<Application> applications) {
        Map<String, List<PathPlace>> byHost = new HashMap<>();
        for (Application application : applications) {
            for (Application.Place place : application.places()) {
                byHost.computeIfAbsent(place.host(), _ -> new ArrayList<>())
                        .add(PathPlace.of(place, application));
            }
        }
        byHost.forEach((host, own) -> {
            Map<String, HostPlaces> kind = host.startsWith("*.") ? wildcards : exact;
            String name = host.startsWith("*.") ? host.substring(2) : host;
            kind.put(name, new HostPlaces(layers(own, name, byHost)));
        });
    }

    /// A host's own places, then those of the wildcards above it, the longest first.
    private static List<List<PathPlace>> layers(
            List<PathPlace> own, String name, Map<String, List<PathPlace>> byHost) {
        List<List<PathPlace>> layers = new ArrayList<>();
        layers.add(own);
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            List<PathPlace> above = byHost.get("*." + name.substring(dot + 1));
            if (above != null) {
                layers.add(above);
            }
        }
        return layers;
    }

    /// @return null when no place can be on this host
    @Nullable HostPlaces of(String written) {
        String host = normal(written);
        HostPlaces found = exact.get(host);
        if (found != null || wildcards.isEmpty() || host.length() > MAX_HOST) {
            return found;
        }
        for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = wildcards.get(host.substring(dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String normal(String host) {
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        for (int i = 0; i < end; i++) {
            if (host.charAt(i) >= 'A' && host.charAt(i) <= 'Z') {
                return host.substring(0, end).toLowerCase(Locale.ROOT);
            }
        }
        return end == host.length() ? host : host.substring(0, end);
    }
}
