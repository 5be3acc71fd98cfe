package dev.culvert.plugin.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.RefusedException;
import java.util.List;
import java.util.Locale;

/// Whether a request comes from the page of the same host: the user's cookie comes with requests of other sites
/// too, and WebSockets know no same-origin policy.
public final class SameOrigin {
    private SameOrigin() {}

    /// @throws RefusedException unless the header `Origin` is there and names the host itself
    public static void require(HttpExchange exchange) throws RefusedException {
        List<String> origins = exchange.requestHeaders().all("Origin");
        if (origins.size() != 1 || !isOwn(origins.getFirst(), exchange.authority())) {
            throw new RefusedException(
                    "cross_site",
                    "The request does not come from this host's own page.",
                    "Open https://" + exchange.authority() + "/ in a browser.");
        }
    }

    /// @throws RefusedException when a browser says that another site asks
    public static void refuseOthers(HttpExchange exchange) throws RefusedException {
        String site = exchange.requestHeaders().first("Sec-Fetch-Site");
        if (exchange.requestHeaders().contains("Origin")) {
            require(exchange);
        } else if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new RefusedException(
                    "cross_site",
                    "Another site asks for this.",
                    "Open https://" + exchange.authority() + "/ in a browser.");
        }
    }

    private static boolean isOwn(String origin, String authority) {
        String own = "https://" + authority;
        String asked = origin.toLowerCase(Locale.ROOT);
        return asked.equals(own) || (asked + ":443").equals(own) || asked.equals(own + ":443");
    }
}
