package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.Page;
import dev.culvert.edge.web.Form;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.util.Optional;

/// One request of one browser's sign-in attempt, as a [LoginMethod] sees it. Confined to the thread that
/// handles it. Exactly one of the methods that answer is called.
public interface SignInExchange {
    String method();

    /// The path below the method's own, without the query: empty, or begins with `/`.
    String rest();

    Form query();

    /// The fields of the body. Blocking; empty unless it is a POST of a form.
    Form form() throws IOException;

    Attempt attempt();

    /// The absolute address of one of the method's own paths.
    ///
    /// @param rest as in [#rest]
    String url(String rest);

    /// The user's, without port.
    String clientAddress();

    String userAgent();

    String requestId();

    /// For bodies and answers that are not pages, such as the JSON of passkeys.
    HttpExchange http();

    void show(int status, Page page) throws IOException;

    /// The page with all ways in, and what went wrong.
    void showWaysIn(int status, String message) throws IOException;

    /// Sends the browser on; after a POST to another origin by a page, since forms must not lead there.
    void redirect(String url) throws IOException;

    /// Makes a new global session, writes it down, and sends the browser where it was going. The attempt
    /// is over.
    void signedIn(Identity identity) throws IOException;

    /// As [#signedIn], for a script that asked: answers 200 `{"next": url}`.
    void signedInByScript(Identity identity) throws IOException;

    /// Writes down that signing in has failed.
    ///
    /// @param who the e-mail address that was claimed, empty when none was
    /// @param reason for the audit log: never a secret
    void failed(String who, String reason);

    /// The session this browser has already.
    Optional<Session> session();
}
