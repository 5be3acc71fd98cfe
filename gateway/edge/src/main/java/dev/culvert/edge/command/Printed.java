package dev.culvert.edge.command;

import dev.culvert.edge.state.RouteSummary;
import dev.culvert.edge.state.TunnelSummary;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Tunnels and routes as `-o json` shows them.
final class Printed {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Printed() {}

    static Map<String, Object> of(TunnelSummary tunnel) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", tunnel.id().toString());
        fields.put("name", tunnel.name());
        fields.put("createdAt", tunnel.createdAt().toString());
        fields.put("rotation", tunnel.rotation());
        fields.put("routes", tunnel.routes());
        fields.put("configuration", tunnel.configuration());
        return fields;
    }

    static Map<String, Object> of(RouteSummary route) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("hostname", route.hostname());
        fields.put("tunnelId", route.tunnelId().toString());
        fields.put("tunnelName", route.tunnelName());
        fields.put("public", route.isPublic());
        fields.put("closed", route.isClosed());
        fields.put("createdAt", route.createdAt().toString());
        return fields;
    }

    static String access(RouteSummary route) {
        return route.isPublic() ? "public" : route.isClosed() ? "closed" : "application";
    }

    static void json(PrintWriter out, Object value) {
        out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }
}
