package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.pages.AdminRoutesPage;
import dev.culvert.edge.pages.AdminRoutesPage.Gate;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.RouteSummary;
import dev.culvert.policy.Application;
import dev.culvert.policy.PolicyEngine;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Public names and who may use them. Thread-safe.
final class RoutesPlace implements Place {
    private final AccessParts parts;

    RoutesPlace(AccessParts parts) {
        this.parts = parts;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        PolicyEngine engine = parts.rules().engine();
        List<AdminRoutesPage.Route> routes =
                parts.state().listRoutes().stream().map(route -> shown(route, engine)).toList();
        visit.exchange().show(status, new AdminRoutesPage(visit.viewer(), routes, notice));
    }

    private static AdminRoutesPage.Route shown(RouteSummary route, PolicyEngine engine) {
        List<String> applications =
                engine.applicationsOn(route.hostname()).stream().map(Application::name).toList();
        boolean asked = engine.find(route.hostname(), "/") != null;
        Gate gate = asked ? Gate.APPLICATION : route.isPublic() ? Gate.PUBLIC : Gate.CLOSED;
        return new AdminRoutesPage.Route(
                route.hostname(), route.tunnelName(), gate, applications, route.createdAt());
    }
}
