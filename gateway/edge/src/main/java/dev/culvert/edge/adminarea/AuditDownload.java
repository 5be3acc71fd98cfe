package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.audit.AuditExport;
import dev.culvert.edge.audit.AuditExport.Format;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a filter lets through of the audit log, as a file: `format=csv`, else JSON lines. Written piece by
/// piece; a state that fails half way cuts the answer, so that no browser takes it for whole. Thread-safe.
final class AuditDownload implements Place {
    private final AccessParts parts;

    AuditDownload(AccessParts parts) {
        this.parts = parts;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        Form query = visit.exchange().query();
        AuditFilter filter = AuditFilter.of(query);
        Format format = query.text("format").equals("csv") ? Format.CSV : Format.JSONL;
        String name =
                "audit-"
                        + LocalDate.now(ZoneOffset.UTC)
                        + "."
                        + format.name().toLowerCase(Locale.ROOT);
        HeaderList headers =
                HeaderList.of(
                        "Content-Type",
                        format.type(),
                        "Content-Disposition",
                        "attachment; filename=\"" + name + "\"",
                        "Cache-Control",
                        "no-store",
                        "X-Content-Type-Options",
                        "nosniff");
        // Not closed when it fails: closing is what says that the answer is whole.
        OutputStream out =
                new WhileAdmin(
                        parts, visit.session(), visit.exchange().http().respond(200, headers));
        try {
            AuditExport.write(parts.audit(), filter.query(1), format, out);
        } catch (StateException e) {
            throw new IOException("the audit log could not be read to its end", e);
        }
        out.close();
    }
}
