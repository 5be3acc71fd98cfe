package dev.culvert.policy;

import static dev.culvert.policy.Samples.application;
import static dev.culvert.policy.Samples.engine;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    private final PolicyEngine engine =
            engine(
                    application("site", List.of("example.com")),
                    application("admin", List.of("example.com/admin", "example.com/x/y")),
                    application("deep", List.of("example.com/admin/deep")),
                    application("all", List.of("*.example.org", "*.example.org/all")),
                    application("team", List.of("*.team.example.org/app")),
                    application("one", List.of("one.team.example.org/one")),
                    application("part", List.of("part.example.net/part", "part.example.net/größe")),
                    application("whole", List.of("whole.example.net", "whole.example.net/a")));

    private String at(String host, String path) {
        Application found = engine.find(host, path);
        return found == null ? "none" : found == PolicyEngine.UNCLEAR ? "unclear" : found.name();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, /, site",
        "example.com, /administrator, site",
        "example.com, /admin, admin",
        "example.com, /admin/, admin",
        "example.com, /admin?x, admin",
        "example.com, /admin/x?/../.., admin",
        "example.com, /admin/deep/x, deep",
        "example.com, /x, site",
        "example.com, /x/y/z, admin",
        "example.org, /, none",
        "a.example.org, /, all",
        "a.b.example.org, /, all",
        "a.team.example.org, /, all",
        "a.team.example.org, /app, team",
        "team.example.org, /app, all",
        "one.team.example.org, /one, one",
        "one.team.example.org, /app, team",
        "one.team.example.org, /, all",
        "part.example.net, /, none",
        "part.example.net, /part/a, part",
        "part.example.net, /gr%C3%B6%C3%9Fe, part",
        "other.example.net, /part, none",
        "EXAMPLE.com, /admin, admin",
        "example.com., /admin, admin",
        "a.EXAMPLE.org., /, all",
        ".example.org, /, none",
    })
    void theMostSpecificPlaceDecides(String host, String path, String application) {
        assertThat(at(host, path)).isEqualTo(application);
    }

    /// Each is `/admin` for some origin, or for all.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Admin",
                "/ADMIN/x",
                "//admin",
                "/admin//x",
                "/%61dmin",
                "/%61%64%6D%69%6e/",
                "/admin/.",
                "/admin/%20",
                "/admin/.hidden",
                "/admin/a%2Fb",
                "/admin/a;v=1",
                "/admin/a%25b",
                "/admin/a..b",
                "/admin/x/../y",
                "/admin/50%25",
                "/admin/50%",
                "/admin/100%25used",
                "/admin/%E9t%E9",
                "/admin/%C3%A9t%C3%A9",
                "/admin/caf%EF%BC%8Fe",
            })
    void whatNoOriginReadsElsewhereBelongsThere(String path) {
        assertThat(at("example.com", path)).as(path).isIn("admin");
    }

    /// Some origins read `/admin`, others the site around it (or the other way about).
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../admin",
                "/./admin",
                "/%2e/admin",
                "/../admin",
                "/../../admin/x",
                "/admin/..",
                "/admin/../x",
                "/admin/%2e%2e/x",
                "/admin/.%2E/x",
                "/%2fadmin/../admin",
                "/x/..%2fadmin",
                "/x%2f..%2fadmin",
                "/x/%2e%2e%2fadmin",
                "/x/..%252fadmin",
                "/x/%252e%252e/admin",
                "/x/%25252e%25252e/admin",
                "/%2561dmin",
                "/x/..\\admin",
                "/x\\..\\admin",
                "\\admin",
                "/\\admin",
                "/%5cadmin",
                "/%255cadmin",
                "/admin;",
                "/admin;v=1/x",
                "/;/admin",
                "/x/..;/admin",
                "/x/..;a=b/admin",
                "/x/%2e%2e;/admin",
                "/admin%3b/x",
                "/admin%253b/x",
                "/admin.",
                "/admin...",
                "/admin%20",
                "/admin%20/x",
                "/admin.%20.",
                "/x/.../admin",
                "/x/.. /admin",
                "/x/..%20/admin",
                "/x/..%20./admin",
                "/admin%3f",
                "/admin%3fx",
                "/admin%23",
                "/admin#x",
                "/x//../y",
                "/admin//../x",
                "/x/y/%2f/../../..",
                "/x%00/../admin",
                "/admin%00",
                "/admin%0a",
                "/adm\tin",
                "/adm%09in",
                "/%c0%afadmin",
                "/x/%c0%ae%c0%ae/admin",
                "/x/%e0%80%ae./admin",
                "/x/%u002e%u002e/admin",
                "/%u2215admin",
                "/x/%EF%BC%8E%EF%BC%8E/admin",
                "/x%EF%BC%8F..%EF%BC%8Fadmin",
                "/%EF%BC%A1dmin",
                "/x/\u2025/admin",
                "/x/%E2%80%A5/admin",
                "/adm\u00ecn",
                "/%252525252561dmin",
            })
    void whatOriginsReadDifferentlyIsNobodys(String path) {
        assertThat(at("example.com", path)).as(path).isEqualTo("unclear");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "x",
                "/files/a%2Fb",
                "/files/..%2fb",
                "/files/a;v=1",
                "/a\\b",
                "/files/caf%C3%A9",
                "/api/v4/projects/group%2Fproject?x=../admin",
                "/search?q=/x/../admin",
                "/.well-known/x",
                "/a.b/c...d",
                "/files/report%20.pdf",
                "/files/report.",
                "/100%",
                "/%zz",
            })
    void oddPathsThatCrossNothingStayWhereTheyAre(String path) {
        assertThat(at("example.com", path)).as(path).isEqualTo("site");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/part/..", "/part/..%2fx", "/x/..;/part", "/part;x"})
    void aPathThatSomeReadOutOfEveryApplicationIsNobodys(String path) {
        assertThat(at("part.example.net", path)).as(path).isEqualTo("unclear");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/../b", "/%c0%af", "/\u0000", "", "/a;/..\\%252e"})
    void aHostThatIsOneApplicationNeedsNoReading(String path) {
        assertThat(at("whole.example.net", path)).isEqualTo("whole");
    }

    @Test
    void whatCannotBeReadWithinBoundsIsNobodys() {
        assertThat(at("example.com", "/" + "a".repeat(60_000))).isEqualTo("site");
        assertThat(at("example.com", "/" + "%20".repeat(40_000))).isEqualTo("unclear");
        assertThat(at("example.com", "/" + "..;/\\//?#".repeat(6_000))).isEqualTo("site");
        assertThat(at("example.com", "/a" + "/..;/\\//#".repeat(6_000))).isEqualTo("unclear");
    }

    @Test
    void knowsTheHostsItProtects() {
        assertThat(engine.protects("part.example.net")).isTrue();
        assertThat(engine.protects("a.b.example.org")).isTrue();
        assertThat(engine.protects("example.org")).isFalse();
        assertThat(PolicyEngine.EMPTY.protects("example.org")).isFalse();
        assertThat(PolicyEngine.EMPTY.find("example.org", "/")).isNull();
    }

    @Test
    void knowsTheHostsWhosePoliciesLookAtCertificates() {
        Group devices = new Group("devices", Samples.include(new Selector.CommonName("a")));
        Group all = new Group("all", Samples.include(new Selector.InGroup("devices")));
        Policy policy = Samples.policy(Policy.Action.SERVICE_AUTH, new Selector.InGroup("all"));
        PolicyEngine rules =
                new PolicyEngine(
                        new AccessRules(
                                List.of(devices, all),
                                List.of(
                                        application("a", List.of("a.example.com/x"), policy),
                                        application("b", List.of("*.example.com")),
                                        application("c", List.of("c.example.com")))));

        assertThat(rules.wantsCertificate("A.example.com.")).isTrue();
        assertThat(rules.wantsCertificate("b.example.com")).isFalse();
        assertThat(rules.wantsCertificate("c.example.com")).isFalse();
        assertThat(rules.wantsCertificate("example.org")).isFalse();
    }
}
