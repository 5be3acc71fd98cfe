package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the edge is doing, at [Paths#ADMIN]. Immutable. Its figures are renewed every few seconds by
/// `live.js`, which fetches the page again and takes over the parts marked so.
///
/// @param tunnels all
/// @param recent the latest decisions, newest first
public record AdminOverviewPage(
        Viewer viewer,
        List<Tile> tiles,
        List<Chart> charts,
        List<Tunnel> tunnels,
        List<Recent> recent)
        implements Page {
    public AdminOverviewPage {
        tiles = List.copyOf(tiles);
        charts = List.copyOf(charts);
        tunnels = List.copyOf(tunnels);
        recent = List.copyOf(recent);
    }

    /// A figure.
    ///
    /// @param detail smaller, below it
    /// @param url where more is, null when nowhere
    public record Tile(String label, String figure, String detail, @Nullable String url) {}

    /// Drawn by `charts.js` from `{"at": epoch milliseconds of the last value, "step": milliseconds,
    /// "series": {NAME: [number…]}}` at the source, asked every few seconds. A missing value is null.
    ///
    /// @param source GET, JSON
    public record Chart(String title, Unit unit, String source, List<Series> series) {
        public Chart {
            series = List.copyOf(series);
        }

        public enum Unit {
            BYTES_PER_SECOND,
            PER_SECOND,
            COUNT,
            MILLISECONDS
        }

        /// @param name in the JSON
        /// @param label shown
        public record Series(String name, String label) {}
    }

    /// @param connections that are up
    /// @param streams open on all of them
    public record Tunnel(String name, Health health, int connections, int streams) {}

    public record Recent(Instant at, String actor, String host, String outcome, boolean allowed) {}
}
