package dev.culvert.edge.admin;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything below `/api/v1`, for a running edge and for commands that have the state open themselves.
/// Thread-safe. Blocking.
final class Resources {
    private final Map<String, Resource> byKind = new HashMap<>();

    /// @param access null on an edge without an auth host
    Resources(State state, @Nullable AccessParts access, Live live) {
        Changes changes = new Changes(access == null ? null : access.audit());
        byKind.put("tunnels", new TunnelResource(state, changes, live::told));
        byKind.put("routes", new RouteResource(state, changes));
        byKind.put("connections", new ConnectionResource(state, live));
        byKind.put("plugins", new PluginResource(live));
        if (access == null) {
            for (String kind :
                    new String[] {
                        "access",
                        "sessions",
                        "service-tokens",
                        "users",
                        "audit",
                        "recordings",
                        "desktops"
                    }) {
                byKind.put(kind, Resources::asksNobody);
            }
            return;
        }
        Administration administration = new Administration(access);
        byKind.put("access", new RulesResource(access, administration, live));
        byKind.put("sessions", new SessionResource(access, administration, live));
        byKind.put("service-tokens", new ServiceTokenResource(access, administration));
        byKind.put("users", new UserResource(access, administration));
        byKind.put("audit", new AuditResource(access.audit()));
        byKind.put("desktops", new DesktopResource(access.desktops(), administration));
        byKind.put("recordings", new RecordingResource(access.recordings(), administration));
    }

    private static Answer asksNobody(AdminRequest request) throws StateException {
        throw new StateException(
                StateException.Code.CONFLICT,
                "the edge's configuration has no auth_host, so it asks nobody who they are",
                "set auth_host in it and restart the edge");
    }

    Answer answer(AdminRequest request) throws Refusal, StateException {
        Resource resource = byKind.get(request.segment(0));
        if (resource == null) {
            throw request.unknown();
        }
        return resource.answer(request);
    }
}
