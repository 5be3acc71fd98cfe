package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.By;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.Viewer;
import dev.culvert.edge.signin.AuthExchange;
import dev.culvert.edge.web.Form;
import java.io.IOException;
import java.util.Objects;

/// An administrator's request. Confined to the thread that handles it.
record Visit(AuthExchange exchange, Viewer viewer) {
    Session session() {
        return Objects.requireNonNull(exchange.session(), "only for who has signed in");
    }

    /// For the audit log.
    By by() {
        return new By(
                session().identity().email(),
                exchange.visitor().text(),
                exchange.visitor().country(),
                exchange.requestId());
    }

    Form form() throws IOException {
        return exchange.form();
    }
}
