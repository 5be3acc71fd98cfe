package dev.culvert.connector.ingress;

import com.google.re2j.Pattern;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.ServiceSpec;
import org.jspecify.annotations.Nullable;

/// One compiled rule. Immutable.
///
/// @param number from 1, as messages count
/// @param hostname as written; empty matches every host
/// @param path unanchored expression on the decoded path; null matches every path
/// @param service what was configured
/// @param origin made from it by its plugin
/// @param settings what the connector itself applies
public record IngressRule(
        int number,
        HostPattern hostname,
        @Nullable Pattern path,
        ServiceSpec service,
        Origin origin,
        RuleSettings settings) {

    /// For the log.
    @Override
    public String toString() {
        return "#"
                + number
                + (hostname.matchesAll() ? "" : " " + hostname)
                + (path == null ? "" : " path " + path)
                + " -> "
                + service.text();
    }
}
