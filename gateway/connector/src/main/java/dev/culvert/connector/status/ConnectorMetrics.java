package dev.culvert.connector.status;

import dev.culvert.connector.engine.StreamCounts;
import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.LinkStates;
import java.util.function.IntSupplier;

/// cloudflared's metrics under its names, where they mean the same here; ours begin with `culvert_`.
/// Immutable; reads what it was given.
///
/// @param version of this program
/// @param configVersion of the configuration in force, -1 for a local one
public record ConnectorMetrics(
        String version, Connector links, StreamCounts streams, IntSupplier configVersion) {
    private static final String TUNNEL = "cloudflared_tunnel_";

    /// All of them, in Prometheus' text format.
    public String text() {
        PrometheusText text = new PrometheusText();
        text.metric("build_info", "gauge", "Build and version information")
                .sample(
                        "build_info",
                        1,
                        "goversion",
                        "",
                        "type",
                        "",
                        "revision",
                        "",
                        "version",
                        version,
                        "javaversion",
                        Runtime.version().toString());
        connections(text);
        streams(text);
        text.single(
                "cloudflared_orchestration_config_version",
                "gauge",
                "Configuration Version",
                configVersion.getAsInt());
        return text.toString();
    }

    private void connections(PrometheusText text) {
        LinkStates states = links.states();
        text.single(
                TUNNEL + "ha_connections",
                "gauge",
                "Number of active ha connections",
                links.registered());
        text.metric(
                TUNNEL + "server_locations",
                "gauge",
                "Where each tunnel is connected to. 1 means current location, 0 means previous locations.");
        for (LinkStates.State each : states.all()) {
            text.sample(
                    TUNNEL + "server_locations",
                    each.connected() ? 1 : 0,
                    "connection_id",
                    Integer.toString(each.index()),
                    "edge_location",
                    each.location());
        }
        text.metric(
                        TUNNEL + "tunnel_register_success",
                        "counter",
                        "Count of successful tunnel registrations")
                .sample(
                        TUNNEL + "tunnel_register_success",
                        states.registrations(),
                        "rpcName",
                        "registerConnection");
        text.metric(
                TUNNEL + "tunnel_register_fail",
                "counter",
                "Count of tunnel registration errors by type");
        states.refusals()
                .forEach((reason, count) ->
                        text.sample(
                                TUNNEL + "tunnel_register_fail",
                                count,
                                "error",
                                reason,
                                "rpcName",
                                "registerConnection"));
        text.single(
                "culvert_connector_silent_connections",
                "counter",
                "Connections replaced because nothing passed through their streams",
                states.silent());
    }

    private void streams(PrometheusText text) {
        text.single(
                TUNNEL + "total_requests",
                "counter",
                "Amount of requests proxied through all the tunnels",
                streams.requests());
        text.single(
                TUNNEL + "concurrent_requests_per_tunnel",
                "gauge",
                "Concurrent requests proxied through each tunnel",
                streams.open());
        text.metric(
                        TUNNEL + "max_concurrent_requests_per_tunnel",
                        "gauge",
                        "Largest number of concurrent requests proxied through each tunnel so far")
                .sample(
                        TUNNEL + "max_concurrent_requests_per_tunnel",
                        streams.mostOpen(),
                        "connection_id",
                        "all");
        text.single(
                TUNNEL + "request_errors",
                "counter",
                "Count of error proxying to origin",
                streams.failed());
        text.metric(
                TUNNEL + "response_by_code", "counter", "Count of responses by HTTP status code");
        streams.statuses()
                .forEach((status, count) ->
                        text.sample(
                                TUNNEL + "response_by_code",
                                count,
                                "status_code",
                                Integer.toString(status)));
        text.single(
                "cloudflared_tcp_active_sessions",
                "gauge",
                "Concurrent count of TCP sessions that are being proxied to any origin",
                streams.openByteStreams());
        text.single(
                "cloudflared_tcp_total_sessions",
                "counter",
                "Total count of TCP sessions that have been proxied to any origin",
                streams.byteStreams());
        String latency = "cloudflared_proxy_connect_latency";
        text.metric(
                latency,
                "histogram",
                "Time it takes to establish and acknowledge connections in milliseconds");
        long[] all = {0};
        streams.latencies()
                .forEach((bound, count) -> {
                    text.sample(
                            latency + "_bucket",
                            count,
                            "le",
                            bound == Integer.MAX_VALUE ? "+Inf" : bound.toString());
                    all[0] = count;
                });
        text.sample(latency + "_sum", streams.latencyMillis()).sample(latency + "_count", all[0]);
        text.single(
                "cloudflared_proxy_connect_streams_errors",
                "counter",
                "Total count of failure to establish and acknowledge connections",
                streams.dialFailed());
    }
}
