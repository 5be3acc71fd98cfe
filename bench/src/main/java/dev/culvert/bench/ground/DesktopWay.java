package dev.culvert.bench.ground;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// How a user comes to remote desktops through an edge. Immutable.
///
/// @param authority of the edge's certificates
/// @param guacd its processes
public record DesktopWay(List<Application> applications, Path authority, Family guacd) {
    /// Who speaks with the host, and how.
    public enum Kind {
        BUILT_IN("built-in", "built in, RDP", "rdp", "built_in"),
        GUACD_RDP("guacd-rdp", "guacd, RDP", "rdp", "guacd"),
        GUACD_VNC("guacd-vnc", "guacd, VNC", "vnc", "guacd");

        private final String label;
        private final String title;
        private final String protocol;
        private final String engine;

        Kind(String label, String title, String protocol, String engine) {
            this.label = label;
            this.title = title;
            this.protocol = protocol;
            this.engine = engine;
        }

        public String label() {
            return label;
        }

        public String title() {
            return title;
        }

        public String protocol() {
            return protocol;
        }

        String engine() {
            return engine;
        }
    }

    /// A host of them.
    ///
    /// @param user at the host, empty where it has no names
    /// @param cookies of whoever is signed in to the edge
    /// @param sessions that it takes at once
    public record Application(
            Kind kind,
            Endpoint endpoint,
            String user,
            String password,
            String cookies,
            int sessions) {}

    /// Where a session is: sessions of one host differ in their number there.
    public record Seat(Application application, int number) {
        /// Sizes differ, so that no two screens are one.
        public int width() {
            return 1024 + 8 * number;
        }

        public int height() {
            return 768;
        }
    }

    /// Who signs in to the edge.
    public static String email() {
        return FirstUser.EMAIL;
    }

    public static String password() {
        return FirstUser.PASSWORD;
    }

    /// Seats for so many sessions, a host after the other.
    public List<Seat> seats(Kind kind, int count) {
        List<Seat> seats =
                applications.stream()
                        .filter(each -> each.kind() == kind)
                        .flatMap(each ->
                                IntStream.range(0, each.sessions())
                                        .mapToObj(number -> new Seat(each, number)))
                        .limit(count)
                        .toList();
        if (seats.size() < count) {
            throw new IllegalArgumentException(
                    count + " sessions of " + kind + " (expected: at most " + seats.size() + ")");
        }
        return seats;
    }
}
