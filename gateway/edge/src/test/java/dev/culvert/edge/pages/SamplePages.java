package dev.culvert.edge.pages;

import static dev.culvert.policy.Application.Kind.RDP;
import static dev.culvert.policy.Application.Kind.SSH;
import static dev.culvert.policy.Application.Kind.TCP;
import static dev.culvert.policy.Application.Kind.VNC;
import static dev.culvert.policy.Application.Kind.WEB;

import dev.culvert.edge.pages.AdminApplicationsPage.Action;
import dev.culvert.edge.pages.AdminApplicationsPage.Conditions;
import dev.culvert.edge.pages.AdminOverviewPage.Chart;
import dev.culvert.edge.pages.AdminOverviewPage.Chart.Series;
import dev.culvert.edge.pages.AdminOverviewPage.Chart.Unit;
import dev.culvert.edge.pages.AdminRecordingsPage.State;
import dev.culvert.edge.pages.AdminRoutesPage.Gate;
import dev.culvert.edge.pages.AdminUsersPage.Standing;
import dev.culvert.edge.pages.SignInPage.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pages as they come in life, by a name each.
final class SamplePages {
    private static final Instant NOW = Instant.now();
    private static final Viewer ANN =
            new Viewer("ann@example.com", "Ann Example", true, "c5rf", true);
    private static final Viewer BOB = new Viewer("bob@example.com", "", false, "c5rf", false);

    private SamplePages() {}

    static Map<String, Page> all() {
        Map<String, Page> pages = new LinkedHashMap<>();
        signingIn(pages);
        outside(pages);
        account(pages);
        admin(pages);
        return pages;
    }

    private static void signingIn(Map<String, Page> pages) {
        SignInPage.Method password =
                new SignInPage.Method(
                        "local", "Password", Look.PASSWORD, "/cdn-cgi/access/signin/local");
        SignInPage.Method pin =
                new SignInPage.Method(
                        "pin", "Get a code by mail", Look.CODE, "/cdn-cgi/access/signin/pin");
        SignInPage.Method oidc =
                new SignInPage.Method(
                        "corp", "Example Ltd", Look.BUTTON, "/cdn-cgi/access/signin/corp");
        SignInPage.Method forge =
                new SignInPage.Method(
                        "forge", "Code Forge", Look.BUTTON, "/cdn-cgi/access/signin/forge");
        SignInPage.Passkey passkey =
                new SignInPage.Passkey(
                        "/cdn-cgi/access/signin/local/passkey/options",
                        "/cdn-cgi/access/signin/local/passkey/finish");
        pages.put(
                "sign-in",
                new SignInPage(
                        "Wiki",
                        "wiki.example.com",
                        List.of(password, pin, oidc, forge),
                        "c5rf",
                        null,
                        "",
                        passkey));
        pages.put(
                "sign-in-refused",
                new SignInPage(
                        null,
                        null,
                        List.of(password),
                        "c5rf",
                        "E-mail and password do not go together. Try again, or ask for a new password.",
                        "ann@example.com",
                        passkey));
        pages.put(
                "sign-in-mail",
                new SignInPage(
                        "Wiki", "wiki.example.com", List.of(pin, oidc), "c5rf", null, "", null));
        pages.put(
                "code-pin",
                new CodePage(
                        CodePage.Kind.PIN,
                        "ann@example.com",
                        "/cdn-cgi/access/signin/pin/code",
                        "c5rf",
                        null,
                        "/cdn-cgi/access/signin/pin/resend",
                        null,
                        "/cdn-cgi/access/signin"));
        pages.put(
                "code-totp",
                new CodePage(
                        CodePage.Kind.TOTP,
                        null,
                        "/cdn-cgi/access/signin/local/totp",
                        "c5rf",
                        "That code is not right. Codes change every 30 seconds: try the one shown now.",
                        null,
                        "/cdn-cgi/access/signin/local/recovery",
                        "/cdn-cgi/access/signin"));
        pages.put(
                "code-recovery",
                new CodePage(
                        CodePage.Kind.RECOVERY,
                        null,
                        "/cdn-cgi/access/signin/local/recovery",
                        "c5rf",
                        null,
                        null,
                        "/cdn-cgi/access/signin/local/totp",
                        "/cdn-cgi/access/signin"));
        pages.put(
                "welcome-first",
                new WelcomePage(
                        WelcomePage.Kind.FIRST_ADMIN,
                        "/cdn-cgi/access/signin/local/welcome",
                        "c5rf",
                        "",
                        "",
                        12,
                        null));
        pages.put(
                "welcome-reset",
                new WelcomePage(
                        WelcomePage.Kind.RESET,
                        "/cdn-cgi/access/signin/local/welcome",
                        "c5rf",
                        "ann@example.com",
                        "",
                        12,
                        "The password has 8 characters (expected: at least 12)."));
    }

    private static void outside(Map<String, Page> pages) {
        pages.put(
                "denied",
                new DeniedPage(
                        "wiki.example.com",
                        "Wiki",
                        "You are signed in, but none of the rules of this application lets you in from here at this time.",
                        "it@example.com",
                        "9f3c1a72",
                        "bob@example.com",
                        "/cdn-cgi/access/login/wiki.example.com?other=1"));
        pages.put(
                "denied-plain",
                new DeniedPage(
                        "old.example.com",
                        null,
                        "Nothing here may be opened by anybody.",
                        null,
                        "9f3c1a72",
                        null,
                        null));
        pages.put(
                "message",
                new MessagePage(
                        "This link is used up",
                        "One-time links work once, and for 24 hours. Ask an administrator for a new one.",
                        new MessagePage.Next("Sign in", "/"),
                        "9f3c1a72"));
        // Of this origin, so that looking at it does not lead away from what is being looked at.
        pages.put("continue-here", new ContinuePage("/logged-out", ""));
        pages.put("continue", new ContinuePage("/logged-out", "id.example.net"));
        pages.put(
                "cli-confirm",
                new CliConfirmPage(
                        "ann@example.com",
                        "Build machine",
                        "build.example.com",
                        "KXPT-7Q4M",
                        "access 0.1.0 on lab-7",
                        "203.0.113.9",
                        "/cdn-cgi/access/cli",
                        "c5rf"));
        pages.put("cli-done", new CliDonePage("Build machine", true));
        pages.put("cli-cancelled", new CliDonePage("Build machine", false));
        pages.put("ssh-confirm", sshConfirm(null));
        pages.put("ssh-confirm-elsewhere", sshConfirm("2001:db8:7::2"));
        pages.put("ssh-done", new SshDonePage("ann@example.com", true));
        pages.put("ssh-cancelled", new SshDonePage("ann@example.com", false));
        pages.put("logged-out", new LoggedOutPage("/"));
    }

    private static Page sshConfirm(@Nullable String browserAddress) {
        return new SshConfirmPage(
                "ann@example.com",
                "K7QM-2XTD",
                "OpenSSH_9.2p1 to build.example.com",
                "203.0.113.9",
                browserAddress,
                "/cdn-cgi/access/ssh/1",
                "c5rf");
    }

    private static void account(Map<String, Page> pages) {
        pages.put("launcher", new LauncherPage(ANN, apps(), null));
        pages.put("launcher-empty", new LauncherPage(BOB, List.of(), null));
        pages.put(
                "sessions", new SessionsPage(ANN, sessions(), Notice.good("The session is over.")));
        pages.put("ssh-keys", new SshKeysPage(ANN, sshKeys(), "", null));
        pages.put(
                "ssh-keys-none",
                new SshKeysPage(
                        BOB,
                        List.of(),
                        "ssh-ed25519 AAAAC3NzaC1lZDI1",
                        Notice.bad(
                                "This public key is damaged or too weak: public key field pk: 3"
                                        + " bytes left (expected: 32 bytes). Paste the whole file that"
                                        + " ends in .pub, or make a new key with: ssh-keygen -t"
                                        + " ed25519.")));
        SecurityPage.Passkey laptop =
                new SecurityPage.Passkey("pk1", "This laptop", ago(40), ago(0.02));
        SecurityPage.Passkey key =
                new SecurityPage.Passkey("pk2", "Blue key in the safe", ago(90), null);
        pages.put(
                "security",
                new SecurityPage(ANN, null, true, 7, List.of(), List.of(laptop, key), 12, null));
        pages.put(
                "security-setup",
                new SecurityPage(
                        ANN,
                        new SecurityPage.TotpSetup(
                                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                                "otpauth://totp/Culvert:ann%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Culvert"),
                        false,
                        0,
                        List.of(),
                        List.of(),
                        12,
                        Notice.bad("That code is not right: the clock of your phone may be off.")
                                .about("totp")));
        pages.put(
                "security-codes",
                new SecurityPage(
                        ANN,
                        null,
                        true,
                        10,
                        List.of(
                                "5pw6-za14-82kf-a4rh",
                                "dfc9-ywrv-wbt9-khqh",
                                "pwvd-v0p9-vva4-czqh",
                                "jeb5-hzb4-qbsa-fj65",
                                "fte9-0e35-y7j0-d80c",
                                "jpg3-qqtt-mdsd-zdg8",
                                "r1x1-dknx-6sg6-7h1h",
                                "vtsn-96ft-wf2g-y54j",
                                "87xk-a9h6-r3ag-a08z",
                                "d666-sfvy-yf6h-2130"),
                        List.of(laptop),
                        12,
                        Notice.good("The authenticator is on. It is asked for from now on.")));
        pages.put(
                "security-elsewhere",
                new SecurityPage(BOB, null, false, 0, List.of(), List.of(), 12, null));
    }

    private static List<SshKeysPage.Key> sshKeys() {
        return List.of(
                new SshKeysPage.Key(
                        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
                        "ED25519",
                        "ann@laptop",
                        ago(40),
                        ago(0.02)),
                new SshKeysPage.Key(
                        "SHA256:3pDp2zjKWLQK8zLrSNhV7Ie3qCE0jvEv1bFYdWqKx5M",
                        "ECDSA-SK",
                        "Blue key in the safe",
                        ago(90),
                        null));
    }

    private static List<LauncherPage.App> apps() {
        return List.of(
                web("Wiki", "wiki.example.com"),
                web("Dashboards", "grafana.example.com"),
                web(
                        "Customer relations and ticket archive of the north-western region",
                        "crm.nw.example.com"),
                web("Mail", "mail.example.com"),
                new LauncherPage.App(
                        "Build machine",
                        SSH,
                        "build.example.com",
                        "https://build.example.com/",
                        "access ssh --hostname build.example.com"),
                new LauncherPage.App(
                        "Bastion",
                        SSH,
                        "bastion.example.com",
                        null,
                        "access ssh --hostname bastion.example.com"),
                new LauncherPage.App(
                        "Accounting desktop",
                        RDP,
                        "desk.example.com",
                        "https://desk.example.com/",
                        "access rdp --hostname desk.example.com --url localhost:3389"),
                new LauncherPage.App(
                        "Lab screen", VNC, "lab.example.com", "https://lab.example.com/", null),
                new LauncherPage.App(
                        "Orders database",
                        TCP,
                        "db.example.com",
                        null,
                        "access tcp --hostname db.example.com --url localhost:5432"));
    }

    private static LauncherPage.App web(String name, String host) {
        return new LauncherPage.App(name, WEB, host, "https://" + host + "/", null);
    }

    private static List<SessionsPage.Entry> sessions() {
        return List.of(
                new SessionsPage.Entry(
                        "s1", "Firefox on Linux", "203.0.113.9", ago(0.3), ago(0), ago(-0.7), true),
                new SessionsPage.Entry(
                        "s2",
                        "access 0.1.0 on lab-7",
                        "198.51.100.20",
                        ago(2),
                        ago(0.1),
                        ago(-5),
                        false),
                new SessionsPage.Entry(
                        "s3",
                        "Safari on iPhone",
                        "2001:db8:85a3::8a2e:370:7334",
                        ago(6),
                        ago(3),
                        ago(-1),
                        false));
    }

    private static void admin(Map<String, Page> pages) {
        pages.put("admin-overview", overview());
        pages.put("admin-tunnels", tunnels());
        pages.put("admin-tunnels-none", new AdminTunnelsPage(ANN, List.of(), null));
        pages.put(
                "admin-routes",
                new AdminRoutesPage(
                        ANN,
                        List.of(
                                route("wiki.example.com", Gate.APPLICATION, "Wiki"),
                                route("files.example.com", Gate.PUBLIC, "Uploads", "Keys"),
                                route("www.example.com", Gate.PUBLIC),
                                route("old.example.com", Gate.CLOSED)),
                        null));
        pages.put("admin-applications", applications());
        pages.put("admin-users", users());
        pages.put("admin-tokens", tokens());
        pages.put("admin-sessions", adminSessions());
        pages.put("admin-audit", audit());
        pages.put("admin-recordings", recordings());
        pages.put("admin-recording", recording(State.COMPLETE, true));
        pages.put("admin-recording-live", recording(State.LIVE, true));
        pages.put("admin-desktops", desktops());
        pages.put("admin-desktop-recording", desktopRecording());
        pages.put("admin-recording-unplayable", recording(State.UNFINISHED, false));
    }

    private static AdminDesktopsPage desktops() {
        return new AdminDesktopsPage(
                ANN,
                List.of(
                        desktop("guacd", Paths.ADMIN_RECORDINGS, 1, ""),
                        desktop("guacd", null, 0, "it is still connecting"),
                        desktop(
                                "built-in",
                                null,
                                0,
                                "the built-in engine shows a desktop to its user alone")),
                null);
    }

    private static AdminDesktopsPage.Entry desktop(
            String engine, @Nullable String recordingUrl, int watchers, String unwatchable) {
        return new AdminDesktopsPage.Entry(
                "k3j9x0a7",
                "ann@example.com",
                "203.0.113.9",
                "Office",
                "office.example.com",
                "rdp",
                engine,
                ago(0.2),
                recordingUrl,
                watchers,
                Paths.ADMIN_DESKTOPS + "/k3j9x0a7/view/",
                unwatchable);
    }

    private static AdminDesktopRecordingPage desktopRecording() {
        return new AdminDesktopRecordingPage(
                ANN,
                recorded(State.COMPLETE, "", 1),
                true,
                null,
                "/recording.guac",
                "/recording.guac?download=yes",
                "/recording.guac.sig?download=yes",
                "/recording.check",
                null);
    }

    private static AdminRecordingsPage recordings() {
        return new AdminRecordingsPage(
                ANN,
                new AdminRecordingsPage.Filter("", "", "ann", ""),
                List.of(
                        recorded(State.LIVE, "", 0),
                        recorded(State.COMPLETE, "git-upload-pack '/srv/git/culvert.git'", 0),
                        recorded(State.COMPLETE, "", 2),
                        recorded(State.UNFINISHED, "", 0)),
                Paths.ADMIN_RECORDINGS + "?before=20261129-083015-k3j9x0a7&who=ann",
                "SHA256:6Yx0O3bLr4GJw1hCqk8vXo2fPZ9tDnEuSaIyMdRQ7WU",
                null);
    }

    private static AdminRecordingsPage.Entry recorded(State state, String command, long gaps) {
        return new AdminRecordingsPage.Entry(
                "20261129-083015-k3j9x0a7",
                "/admin-recording",
                "ann@example.com",
                "ann",
                "build.example.com",
                "Build server",
                "browser",
                "203.0.113.9",
                command,
                ago(0.2),
                "12 min 4 s",
                "1.2 MiB",
                state,
                gaps);
    }

    private static AdminRecordingPage recording(State state, boolean playable) {
        return new AdminRecordingPage(
                ANN,
                recorded(state, "", state == State.COMPLETE ? 1 : 0),
                playable,
                state == State.LIVE ? "/recording.events" : "/recording.cast",
                "/recording.cast?download=yes",
                "/recording.cast.sig?download=yes",
                "/recording.check",
                null);
    }

    private static AdminOverviewPage overview() {
        return new AdminOverviewPage(
                ANN,
                List.of(
                        new AdminOverviewPage.Tile(
                                "Tunnels", "3 of 4", "1 is down", Paths.ADMIN_TUNNELS),
                        new AdminOverviewPage.Tile("Open streams", "1,284", "92 long-lived", null),
                        new AdminOverviewPage.Tile(
                                "Sessions",
                                "37",
                                "31 browsers, 6 command lines",
                                Paths.ADMIN_SESSIONS),
                        new AdminOverviewPage.Tile(
                                "Denied today", "12", "of 48,201 decisions", Paths.ADMIN_AUDIT)),
                List.of(
                        new Chart(
                                "Throughput",
                                Unit.BYTES_PER_SECOND,
                                "/metrics.json",
                                List.of(
                                        new Series("received", "To origins"),
                                        new Series("sent", "From origins"))),
                        new Chart(
                                "Open streams",
                                Unit.COUNT,
                                "/metrics.json",
                                List.of(new Series("streams", "Streams")))),
                List.of(
                        new AdminOverviewPage.Tunnel("office", Health.HEALTHY, 4, 912),
                        new AdminOverviewPage.Tunnel(
                                "datacentre-frankfurt", Health.DEGRADED, 3, 371),
                        new AdminOverviewPage.Tunnel("lab", Health.DOWN, 0, 0)),
                List.of(
                        recent(0.0001, "ann@example.com", "wiki.example.com", "allowed", true),
                        recent(0.002, "token ci", "api.example.com", "allowed", true),
                        recent(0.01, "bob@example.com", "grafana.example.com", "denied", false),
                        recent(0.3, "anonymous", "build.example.com", "sign-in asked", false)));
    }

    private static AdminOverviewPage.Recent recent(
            double daysAgo, String actor, String host, String outcome, boolean allowed) {
        return new AdminOverviewPage.Recent(ago(daysAgo), actor, host, outcome, allowed);
    }

    private static AdminTunnelsPage tunnels() {
        return new AdminTunnelsPage(
                ANN,
                List.of(
                        new AdminTunnelsPage.Tunnel(
                                "6ff42ae2-765d-4adf-8112-31c55c1551ef",
                                "office",
                                Health.HEALTHY,
                                5,
                                ago(120),
                                List.of(
                                        connection(0, "culvert 0.1.0", "http2", 412, 3.4),
                                        connection(1, "culvert 0.1.0", "http2", 500, 12.2),
                                        connection(2, "cloudflared 2026.11.0", "quic", 0, -1))),
                        new AdminTunnelsPage.Tunnel(
                                "1b671a64-40d5-491e-99b0-da01ff1f3341",
                                "lab",
                                Health.DOWN,
                                1,
                                ago(3),
                                List.of())),
                null);
    }

    private static AdminTunnelsPage.Connection connection(
            int index, String client, String protocol, int streams, double rtt) {
        return new AdminTunnelsPage.Connection(
                index,
                "a81bc81b",
                client,
                protocol,
                "198.51.100.20",
                ago(1.2),
                streams,
                48_192_331_002L,
                913_200_441L,
                rtt);
    }

    private static AdminRoutesPage.Route route(String host, Gate gate, String... applications) {
        return new AdminRoutesPage.Route(host, "office", gate, List.of(applications), ago(20));
    }

    private static AdminApplicationsPage applications() {
        Conditions staff =
                new Conditions(
                        List.of("group staff"),
                        List.of("address in 10.0.0.0/8", "mon to fri 08:00–18:00 Europe/Berlin"),
                        List.of("e-mail bob@example.com"));
        return new AdminApplicationsPage(
                ANN,
                "the configuration and 2 changes in the state",
                List.of(
                        new AdminApplicationsPage.Application(
                                "Wiki",
                                "web",
                                List.of("wiki.example.com", "docs.example.com/internal"),
                                "24 h",
                                List.of(
                                        new AdminApplicationsPage.Policy(
                                                "ci",
                                                Action.SERVICE_AUTH,
                                                new Conditions(
                                                        List.of("service token ci"),
                                                        List.of(),
                                                        List.of()),
                                                null),
                                        new AdminApplicationsPage.Policy(
                                                "staff at work", Action.ALLOW, staff, "8 h"),
                                        new AdminApplicationsPage.Policy(
                                                "nobody from there",
                                                Action.BLOCK,
                                                new Conditions(
                                                        List.of("country KP"),
                                                        List.of(),
                                                        List.of()),
                                                null)))),
                List.of(
                        new AdminApplicationsPage.Group(
                                "staff",
                                new Conditions(
                                        List.of(
                                                "e-mail domain example.com",
                                                "e-mail ann@example.org"),
                                        List.of(),
                                        List.of()))),
                new AdminApplicationsPage.Question(
                        "bob@example.com", "wiki.example.com", "/", "10.1.2.3"),
                new AdminApplicationsPage.Answer(
                        false,
                        "Denied: no policy of Wiki lets bob@example.com in",
                        List.of(
                                new AdminApplicationsPage.Step(
                                        0, "Service auth “ci”", "does not", false),
                                new AdminApplicationsPage.Step(
                                        1, "include service_token: ci", "does not", false),
                                new AdminApplicationsPage.Step(
                                        0, "Allow “staff at work”", "does not", false),
                                new AdminApplicationsPage.Step(
                                        1, "include group: staff", "applies", true),
                                new AdminApplicationsPage.Step(
                                        1, "exclude email: bob@example.com", "applies", true)),
                        List.of("bob@example.com signs in as last time: by corp")),
                null);
    }

    private static AdminUsersPage users() {
        return new AdminUsersPage(
                ANN,
                List.of(
                        new AdminUsersPage.User(
                                "u1",
                                "ann@example.com",
                                "Ann Example",
                                true,
                                Standing.ACTIVE,
                                "password, TOTP, 2 passkeys",
                                ago(0),
                                true),
                        new AdminUsersPage.User(
                                "u2",
                                "carl@example.com",
                                "Carl",
                                false,
                                Standing.ACTIVE,
                                "password",
                                ago(2),
                                false),
                        new AdminUsersPage.User(
                                "u3",
                                "dora@example.com",
                                "",
                                false,
                                Standing.INVITED,
                                "nothing yet",
                                null,
                                false),
                        new AdminUsersPage.User(
                                "u4",
                                "bob@example.com",
                                "Bob",
                                false,
                                Standing.DISABLED,
                                "password",
                                ago(30),
                                false)),
                new AdminUsersPage.Link(
                        "Invitation",
                        "dora@example.com",
                        "https://auth.example.com/cdn-cgi/access/signin/local/welcome?token=n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
                        ago(-1)),
                null);
    }

    private static AdminTokensPage tokens() {
        return new AdminTokensPage(
                ANN,
                List.of(
                        new AdminTokensPage.Token(
                                "0e5b1c.access",
                                "ci",
                                ago(100),
                                ago(-265),
                                ago(0.001),
                                false,
                                ago(-0.9)),
                        new AdminTokensPage.Token(
                                "77aa31.access",
                                "old backup",
                                ago(500),
                                ago(135),
                                ago(140),
                                true,
                                null),
                        new AdminTokensPage.Token(
                                "91dd02.access", "monitoring", ago(10), null, null, false, null)),
                new AdminTokensPage.Fresh(
                        "ci",
                        "0e5b1c.access",
                        "n4bQgYhMfWWaLqgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
                        "curl -H 'CF-Access-Client-Id: 0e5b1c.access' -H 'CF-Access-Client-Secret: n4bQgYhMfWWaLqgxVrQFaO_TxsrC4Is0V1sFbDwCgg' https://private.example.com/"),
                Notice.good("A new secret was made. The old one works for 24 hours more."));
    }

    private static AdminSessionsPage adminSessions() {
        return new AdminSessionsPage(
                ANN,
                1284,
                List.of(
                        adminSession(
                                "s1",
                                "ann@example.com",
                                "local",
                                "Firefox on Linux",
                                null,
                                0,
                                true),
                        adminSession(
                                "s2",
                                "carl@example.com",
                                "corp",
                                "access 0.1.0 on lab-7",
                                "DE",
                                14,
                                false),
                        adminSession(
                                "s3",
                                "maximiliane.von-und-zu-langenfeld@department.subsidiary.example.com",
                                "pin",
                                "Chrome on Windows",
                                "FR",
                                2,
                                false)),
                null);
    }

    private static AdminSessionsPage.Entry adminSession(
            String id,
            String email,
            String method,
            String device,
            String country,
            int streams,
            boolean current) {
        return new AdminSessionsPage.Entry(
                id,
                email,
                method,
                device,
                "203.0.113.9",
                country,
                ago(0.4),
                ago(0.001),
                ago(-0.6),
                streams,
                current);
    }

    private static AdminAuditPage audit() {
        return new AdminAuditPage(
                ANN,
                new AdminAuditPage.Filter("2026-11-28T00:00", "", "decision", "", "", ""),
                List.of("decision", "sign-in", "change", "session"),
                List.of("Wiki", "Dashboards"),
                List.of("allowed", "denied"),
                List.of(
                        entry(
                                "decision",
                                "ann@example.com",
                                "Wiki",
                                "allowed",
                                true,
                                "staff at work",
                                ""),
                        entry(
                                "decision",
                                "bob@example.com",
                                "Wiki",
                                "denied",
                                false,
                                "",
                                "no policy matched"),
                        entry(
                                "sign-in",
                                "carl@example.com",
                                "",
                                "refused",
                                false,
                                "",
                                "wrong code"),
                        entry(
                                "change",
                                "ann@example.com",
                                "",
                                "done",
                                true,
                                "",
                                "user bob@example.com disabled"),
                        entry(
                                "session",
                                "bob@example.com",
                                "",
                                "ended",
                                true,
                                "",
                                "48.2 MiB received, 1.1 MiB sent")),
                null,
                "/cdn-cgi/access/admin/audit?before=48812",
                "/cdn-cgi/access/admin/audit/export?kind=decision",
                "/cdn-cgi/access/admin/audit/export?kind=decision&format=csv");
    }

    private static AdminAuditPage.Entry entry(
            String kind,
            String actor,
            String application,
            String outcome,
            boolean good,
            String policy,
            String detail) {
        return new AdminAuditPage.Entry(
                ago(0.01),
                kind,
                actor,
                application,
                application.isEmpty() ? "" : "wiki.example.com",
                outcome,
                good,
                policy,
                "203.0.113.9",
                "9f3c1a72",
                detail);
    }

    private static Instant ago(double days) {
        return NOW.minus(Duration.ofMillis((long) (days * 86_400_000)));
    }
}
