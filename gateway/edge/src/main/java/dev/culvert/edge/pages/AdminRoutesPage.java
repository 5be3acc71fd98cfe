package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Public hostnames and where they lead, at [Paths#ADMIN_ROUTES]. Immutable.
public record AdminRoutesPage(Viewer viewer, List<Route> routes, @Nullable Notice notice)
        implements Page {
    public AdminRoutesPage {
        routes = List.copyOf(routes);
    }

    /// @param gate of the paths that are in no application of their own
    /// @param applications with a place on this name, for all paths or some
    public record Route(
            String hostname, String tunnel, Gate gate, List<String> applications, Instant created) {
        public Route {
            applications = List.copyOf(applications);
        }
    }

    /// Who may use a route.
    public enum Gate {
        /// Its application's policies decide.
        APPLICATION,
        /// Everybody.
        PUBLIC,
        /// Nobody: it has no application and is not public.
        CLOSED
    }
}
