package dev.culvert.edge.audit;

import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a filter lets through of the audit log, oldest first, piece by piece. Stateless. Blocking.
public final class AuditExport {
    private static final int PIECE = 1000;

    private AuditExport() {}

    /// How it is written.
    public enum Format {
        /// One JSON object a line.
        JSONL("application/jsonl"),
        CSV("text/csv; charset=utf-8");

        private final String type;

        Format(String type) {
            this.type = type;
        }

        /// `Content-Type`
        public String type() {
            return type;
        }
    }

    /// Everything that is there when it begins.
    ///
    /// @param filter its bounds by id count not
    public static void write(AuditLog audit, AuditQuery filter, Format format, OutputStream out)
            throws IOException, StateException {
        long last = audit.lastId();
        long id = 0;
        if (format == Format.CSV) {
            out.write(AuditCsv.headings().getBytes(StandardCharsets.UTF_8));
        }
        while (id < last) {
            List<AuditEvent> events = audit.find(filter.piece(id, PIECE));
            for (AuditEvent event : events) {
                out.write(line(event, format).getBytes(StandardCharsets.UTF_8));
            }
            if (events.size() < PIECE) {
                return;
            }
            id = events.getLast().id();
        }
    }

    private static String line(AuditEvent event, Format format) {
        return switch (format) {
            case JSONL -> AuditJson.of(event) + "\n";
            case CSV -> AuditCsv.line(AuditJson.of(event));
        };
    }
}
