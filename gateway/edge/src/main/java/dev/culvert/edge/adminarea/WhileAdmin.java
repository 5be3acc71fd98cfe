package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.identity.Session;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// A long answer that ends with the rights of whoever asked for it. Confined to one thread.
final class WhileAdmin extends FilterOutputStream {
    private final AccessParts parts;
    private final Session session;

    WhileAdmin(AccessParts parts, Session session, OutputStream out) {
        super(out);
        this.parts = parts;
        this.session = session;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (parts.sessions().byId(session.id()) == null
                || !parts.users().isAdmin(session.identity())) {
            throw new IOException("the administrator's session is over");
        }
        out.write(bytes, from, length);
    }
}
