package dev.culvert.connector.status;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.culvert.connector.link.LinkStates;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON of `/ready` and `/diag/…`, in the shape cloudflared has. No secret is in any of it.
///
/// Stateless.
public final class Diagnostics {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int KIB = 1024;

    private Diagnostics() {}

    private static String object(Consumer<JsonGenerator> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            fields.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /// `/ready`: cloudflared's three fields, then ours.
    ///
    /// @param wanted connections there should be
    public static String ready(
            int status, int registered, UUID connectorId, int wanted, boolean draining) {
        return object(json -> {
            json.writeNumberProperty("status", status);
            json.writeNumberProperty("readyConnections", registered);
            json.writeStringProperty("connectorId", connectorId.toString());
            json.writeNumberProperty("wantedConnections", wanted);
            json.writeBooleanProperty("draining", draining);
        });
    }

    /// `/diag/tunnel`. As in cloudflared `protocol` is left out for HTTP/2 and 1 for QUIC, and `index` is
    /// left out for 0.
    public static String tunnel(UUID tunnelId, UUID connectorId, LinkStates states) {
        return object(json -> {
            json.writeStringProperty("tunnelID", tunnelId.toString());
            json.writeStringProperty("connectorID", connectorId.toString());
            json.writeArrayPropertyStart("connections");
            for (LinkStates.State each : states.all()) {
                json.writeStartObject();
                json.writeBooleanProperty("isConnected", each.connected());
                if (each.protocol().equals("quic")) {
                    json.writeNumberProperty("protocol", 1);
                }
                json.writeStringProperty("edgeAddress", each.edge().toString());
                if (each.index() != 0) {
                    json.writeNumberProperty("index", each.index());
                }
                json.writeStringProperty("connection", each.connection().toString());
                json.writeStringProperty("location", each.location());
                json.writeStringProperty("since", each.since().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("icmp_sources");
            json.writeEndArray();
        });
    }

    /// `/diag/configuration`.
    ///
    /// @param given settings that are no secret, by key
    public static String configuration(Map<String, String> given) {
        return object(json -> given.forEach(json::writeStringProperty));
    }

    /// `/diag/system`. Sizes of memory and disks are in KiB, as in cloudflared. Blocking.
    public static String system(String version) {
        return object(json -> {
            json.writeObjectPropertyStart("info");
            if (ManagementFactory.getOperatingSystemMXBean()
                    instanceof UnixOperatingSystemMXBean system) {
                long memory = system.getTotalMemorySize() / KIB;
                json.writeNumberProperty("memoryMaximum", memory);
                json.writeNumberProperty(
                        "memoryCurrent", memory - system.getFreeMemorySize() / KIB);
                json.writeNumberProperty(
                        "fileDescriptorMaximum", system.getMaxFileDescriptorCount());
                json.writeNumberProperty(
                        "fileDescriptorCurrent", system.getOpenFileDescriptorCount());
            }
            json.writeStringProperty("osSystem", System.getProperty("os.name", ""));
            json.writeStringProperty("hostName", hostName());
            json.writeStringProperty("osVersion", System.getProperty("os.version", ""));
            json.writeStringProperty("architecture", System.getProperty("os.arch", ""));
            json.writeStringProperty("cloudflaredVersion", version);
            json.writeStringProperty("javaVersion", Runtime.version().toString());
            json.writeNumberProperty("heapMaximum", Runtime.getRuntime().maxMemory() / KIB);
            json.writeNumberProperty("processors", Runtime.getRuntime().availableProcessors());
            json.writeNumberProperty(
                    "uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
            json.writeArrayPropertyStart("disk");
            disk(json);
            json.writeEndArray();
            json.writeEndObject();
            json.writeNullProperty("errors");
        });
    }

    private static void disk(JsonGenerator json) {
        try {
            FileStore store = Files.getFileStore(Path.of(System.getProperty("user.dir", "/")));
            json.writeStartObject();
            json.writeStringProperty("name", store.name());
            json.writeNumberProperty("sizeMaximum", store.getTotalSpace() / KIB);
            json.writeNumberProperty(
                    "sizeCurrent", (store.getTotalSpace() - store.getUsableSpace()) / KIB);
            json.writeEndObject();
        } catch (IOException e) {
            json.writeString(String.valueOf(e.getMessage()));
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
