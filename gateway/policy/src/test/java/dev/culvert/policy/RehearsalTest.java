package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.policy.Rehearsal.Asked;
import dev.culvert.policy.Rehearsal.Change;
import dev.culvert.policy.Rehearsal.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final Policy STAFF =
            new Policy(
                    "staff",
                    Policy.Action.ALLOW,
                    Samples.include(new Selector.EmailDomain("example.com")),
                    null);
    private static final Policy ANN =
            new Policy(
                    "ann",
                    Policy.Action.ALLOW,
                    Samples.include(
                            new Selector.Email("ann@example.com"),
                            new Selector.Email("eve@example.org")),
                    null);

    private final PolicyEngine before =
            Samples.engine(Samples.application("wiki", List.of("wiki.example.com"), STAFF));
    private final PolicyEngine after =
            Samples.engine(
                    Samples.application("wiki", List.of("wiki.example.com"), ANN),
                    Samples.application("docs", List.of("docs.example.com"), ANN));

    private static Asked asked(String email, String host, boolean live) {
        return new Asked(
                email, host, "/", Samples.caller(Samples.person(email, "local"), null), live);
    }

    private Rehearsal rehearsal(Asked... asked) {
        return Rehearsal.of(before, after, "docs.example.com"::equals, List.of(asked));
    }

    @Test
    void countsWhoLosesAndWhoGains() {
        Rehearsal rehearsal =
                rehearsal(
                        asked("eve@example.org", "wiki.example.com", false),
                        asked("bob@example.com", "wiki.example.com", false),
                        asked("bob@example.com", "wiki.example.com", true),
                        asked("ann@example.com", "wiki.example.com", false),
                        asked("ann@example.com", "none.example.com", false),
                        asked("zoe@example.net", "docs.example.com", false));

        assertThat(rehearsal.text())
                .isEqualTo(
                        """
                        6 asked: 3 lose, 1 gain, 1 let in or kept out by other rules

                        loses  bob@example.com  wiki.example.com  2 times, 1 open now
                                 before: in, application "wiki", policy "staff"
                                 after:  out, application "wiki", no policy
                        loses  zoe@example.net  docs.example.com  once
                                 before: in, no application
                                 after:  out, application "docs", no policy
                        gains  eve@example.org  wiki.example.com  once
                                 before: out, application "wiki", no policy
                                 after:  in, application "wiki", policy "ann"
                        other  ann@example.com  wiki.example.com  once
                                 before: in, application "wiki", policy "staff"
                                 after:  in, application "wiki", policy "ann\"\
                        """);
    }

    @Test
    void whoeverCouldSignInAndCannotAnyMoreLoses() {
        PolicyEngine closed =
                Samples.engine(Samples.application("wiki", List.of("wiki.example.com")));
        Asked nobody = new Asked("nobody", "wiki.example.com", "/", Samples.nobody(), false);

        Rehearsal rehearsal = Rehearsal.of(before, closed, host -> false, List.of(nobody));

        assertThat(rehearsal.changes())
                .extracting(Change::direction)
                .containsExactly(Direction.LOSES);
        assertThat(rehearsal.changes().getFirst().before().policy()).isEqualTo("staff");
    }

    @Test
    void theSameRulesChangeNothing() {
        Asked bob = asked("bob@example.com", "wiki.example.com", true);

        Rehearsal rehearsal = Rehearsal.of(before, before, host -> true, List.of(bob, bob));

        assertThat(rehearsal.asked()).isEqualTo(2);
        assertThat(rehearsal.changes()).isEmpty();
        assertThat(rehearsal.text())
                .isEqualTo("2 asked: 0 lose, 0 gain, 0 let in or kept out by other rules");
    }
}
