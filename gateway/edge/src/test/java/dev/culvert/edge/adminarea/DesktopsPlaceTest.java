package dev.culvert.edge.adminarea;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.LocalSite;
import dev.culvert.edge.signin.MemoryBrowser;
import dev.culvert.edge.signin.OpenSocket;
import dev.culvert.plugin.edge.EdgeServices.Shown;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Running desktops in the admin area.
final class DesktopsPlaceTest {
    private static final String ROOT = "root@example.com";
    private static final String OTHER = "other@example.com";
    private static final String ANN = "ann@example.com";
    private static final String VIEW = Paths.ADMIN_DESKTOPS + "/d1/view/";

    @TempDir private Path temp;
    private final LiveSessions desktops = new LiveSessions();
    private final Desktop desktop = new Desktop("d1", "");
    private Shown shown;
    private LocalSite site;
    private EdgeRecordings recordings;
    private MemoryBrowser root;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp, this::area);
        for (String admin : List.of(ROOT, OTHER)) {
            site.accounts.users.makeAdmin(site.accounts.user(admin).id());
        }
        site.accounts.user(ANN);
        root = site.browser().signIn(ROOT, Accounts.PASSWORD);
        shown = desktops.show(desktop);
        desktops.show(new Desktop("d2", "it is still connecting"));
    }

    private AdminArea area(LocalSite opened) throws Exception {
        Accounts accounts = opened.accounts;
        recordings =
                EdgeRecordings.open(
                        RecordingsConfig.DEFAULT,
                        accounts.state(),
                        temp.resolve("state"),
                        opened.audit,
                        InstantSource.system());
        AccessParts parts =
                new AccessParts(
                        accounts.state(),
                        new RulesInForce(accounts.database(), null, null, accounts.clock),
                        opened.sessions,
                        new ServiceTokens(accounts.database(), accounts.clock),
                        accounts.users,
                        accounts.invitations,
                        accounts.passkeys,
                        opened.audit,
                        recordings,
                        desktops,
                        () -> "https://" + Accounts.AUTHORITY);
        return new AdminArea(
                parts,
                () -> Live.NOTHING,
                new Samples(() -> Live.NOTHING, accounts.clock),
                PublicListener.Countries.UNKNOWN);
    }

    @AfterEach
    void close() {
        recordings.close();
        site.close();
    }

    @Test
    void nobodyButAnAdministratorSeesThem() throws Exception {
        MemoryBrowser ann = site.browser().signIn(ANN, Accounts.PASSWORD);
        for (String path : List.of(Paths.ADMIN_DESKTOPS, VIEW, VIEW + "assets/view.js")) {
            assertThat(ann.open(path).status).as(path).isEqualTo(403);
            assertThat(site.browser().fetch(path)).as(path).doesNotContain("office");
        }
        OpenSocket socket = ann.socket(VIEW + "socket", MemoryBrowser.ORIGIN);
        socket.awaitOver();
        assertThat(socket.status).isEqualTo(403);
        assertThat(desktop.joined).isEmpty();
    }

    @Test
    void areListedWithWhatCanBeDone() throws Exception {
        root.open(Paths.ADMIN_DESKTOPS);

        assertThat(root.page.select("tbody tr")).hasSize(2);
        assertThat(root.page.select("tbody").text())
                .contains(ANN, "office.example.com", "guacd", "it is still connecting");
        assertThat(root.page.select("a[aria-label^=Recorded]").attr("href"))
                .isEqualTo(Paths.ADMIN_RECORDINGS + "/view?id=" + desktop.recording());
        assertThat(root.page.select("a[href*=view/]").eachAttr("href"))
                .containsExactly(VIEW, VIEW + "?control=1");
    }

    @Test
    void isEndedAndThatIsWrittenDown() throws Exception {
        root.open(Paths.ADMIN_DESKTOPS).submit("/desktops/end", "id", "d1");
        assertThat(root.notice()).isEqualTo("The session ends.");
        assertThat(desktop.ended.poll(30, TimeUnit.SECONDS))
                .isEqualTo("An administrator ended this session.");

        root.submit("/desktops/end", "id", "gone");
        assertThat(root.status).isEqualTo(404);
        assertThat(root.notice()).startsWith("No desktop that runs is called \"gone\"");
        assertThat(site.audited()).contains("desktop_end", "\"of\":\"" + ANN + "\"");
    }

    @Test
    void thePageAndItsFilesAreTheSessions() throws Exception {
        assertThat(root.fetch(VIEW)).isEqualTo(" for " + ROOT);
        assertThat(root.fetch(VIEW + "assets/a/b.js?control=1"))
                .isEqualTo("assets/a/b.js for " + ROOT + ", with control");
        assertThat(root.open(VIEW.substring(0, VIEW.length() - 1)).page.text())
                .isEqualTo("for " + ROOT);
        assertThat(root.open(Paths.ADMIN_DESKTOPS + "/d2/view/").status).isEqualTo(409);
        assertThat(root.page.text()).contains("Because it is still connecting.");
        assertThat(root.open(Paths.ADMIN_DESKTOPS + "/d3/view/").status).isEqualTo(404);
        root.open(Paths.ADMIN_DESKTOPS + "/");
        assertThat(root.title()).isEqualTo("Desktops");
        assertThat(site.outcomes()).doesNotContain("desktop_watched");
    }

    @Test
    void onlyPagesOfThisHostOpenItsWebSocket() throws Exception {
        for (String origin : List.of("https://office.example.com", "null")) {
            OpenSocket socket = root.socket(VIEW + "socket", origin);
            socket.awaitOver();
            assertThat(socket.status).as(origin).isEqualTo(403);
        }
        assertThat(desktop.joined).isEmpty();
        assertThat(site.outcomes()).doesNotContain("desktop_watched");
    }

    @Test
    void watchingIsWrittenDownAndEndsWithTheAdministratorsRights() throws Exception {
        User other = site.accounts.users.byEmail(OTHER).orElseThrow();
        MemoryBrowser second = site.browser().signIn(OTHER, Accounts.PASSWORD);
        OpenSocket watched = second.socket(VIEW + "socket?control=1", MemoryBrowser.ORIGIN);
        assertThat(desktop.joined.poll(30, TimeUnit.SECONDS)).isEqualTo(new Overseer(OTHER, true));
        assertThat(site.audited()).contains("desktop_watched", "\"control\":\"yes\"");

        site.accounts.users.unmakeAdmin(other.id());

        assertEnded(watched, "You are no administrator any more.");
        assertThat(desktop.left.poll(30, TimeUnit.SECONDS)).isEqualTo(new Overseer(OTHER, true));
    }

    @Test
    void watchingEndsWithTheAdministratorsSession() throws Exception {
        OpenSocket watched = root.socket(VIEW + "socket", MemoryBrowser.ORIGIN);
        assertThat(desktop.joined.poll(30, TimeUnit.SECONDS)).isEqualTo(new Overseer(ROOT, false));

        site.sessions.endAllOf(ROOT);

        assertEnded(watched, "Your session has ended.");
    }

    @Test
    void watchingEndsWithTheSessionThatIsWatched() throws Exception {
        OpenSocket watched = root.socket(VIEW + "socket", MemoryBrowser.ORIGIN);
        assertThat(desktop.joined.poll(30, TimeUnit.SECONDS)).isNotNull();

        shown.close();

        assertEnded(watched, "The session is over.");
    }

    /// The session's frame, and then the edge's.
    private static void assertEnded(OpenSocket socket, String reason) throws Exception {
        byte[] answer = socket.awaitOver();
        int at = Desktop.FRAME.length;
        assertThat(Arrays.copyOf(answer, at)).isEqualTo(Desktop.FRAME);
        assertThat(answer[at] & 0xff).isEqualTo(0x88);
        assertThat((answer[at + 2] & 0xff) << 8 | answer[at + 3] & 0xff).isEqualTo(1008);
        assertThat(new String(answer, at + 4, answer.length - at - 4, StandardCharsets.UTF_8))
                .isEqualTo(reason);
    }
}
