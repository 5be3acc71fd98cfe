package dev.culvert.edge.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AssetsTest {
    static Collection<Assets.Asset> all() {
        return Assets.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theNameBearsTheHashOfTheBytes(Assets.Asset asset) throws Exception {
        PageExchange exchange = get(asset.url());

        byte[] digest = MessageDigest.getInstance("SHA-256").digest(exchange.answer.toByteArray());
        assertThat(exchange.status).isEqualTo(200);
        assertThat(asset.file()).contains("-" + HexFormat.of().formatHex(digest, 0, 8) + ".");
        assertThat(exchange.headers.first("ETag")).isEqualTo('"' + asset.hash() + '"');
        assertThat(exchange.headers.first("Cache-Control")).contains("immutable");
        assertThat(exchange.headers.first("Content-Type")).isEqualTo(asset.type());
        assertThat(exchange.headers.first("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    static List<Assets.Asset> own() {
        return all().stream().filter(asset -> !Assets.isLibrary(asset)).toList();
    }

    @Test
    void thePlayerIsThereWhereNpmIs() {
        assertThat(all().stream().filter(Assets::isLibrary)).hasSize(3);
        assertThat(Assets.hasPlayer()).isTrue();
    }

    /// A style sheet or script that names another asset would name it without its hash.
    @ParameterizedTest
    @MethodSource("own")
    void refersToNothingElse(Assets.Asset asset) {
        String text = new String(asset.bytes(), StandardCharsets.UTF_8);

        assertThat(text).doesNotContain("@import", "url(", "import ", "//cdn", "xlink");
        assertThat(text.replace("http://www.w3.org/", "")).doesNotContain("http://", "https://");
    }

    @Test
    void isNotSentAgainToABrowserThatHasIt() throws Exception {
        Assets.Asset asset = all().iterator().next();
        PageExchange exchange = new PageExchange("GET", asset.url());
        exchange.request.add("If-None-Match", "\"other\", \"" + asset.hash() + '"');

        new Assets().handle(exchange);

        assertThat(exchange.status).isEqualTo(304);
        assertThat(exchange.answer.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "culvert.css",
                "culvert-0000000000000000.css",
                "../Pages.class",
                "%2e%2e/Pages.class",
                ""
            })
    void anotherNameIsNotFound(String name) throws Exception {
        PageExchange exchange = get(Paths.ASSETS + name);

        assertThat(exchange.status).isEqualTo(404);
        assertThat(exchange.headers.first("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void isOnlyToBeRead() throws Exception {
        PageExchange exchange = new PageExchange("POST", Assets.url("culvert.css"));

        new Assets().handle(exchange);

        assertThat(exchange.status).isEqualTo(405);
        assertThat(exchange.headers.first("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void anAssetThatIsNotThereIsAMistakeOfTheTemplate() {
        assertThatThrownBy(() -> Assets.url("other.css"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("culvert.css");
    }

    private static PageExchange get(String path) throws IOException {
        PageExchange exchange = new PageExchange("GET", path);
        new Assets().handle(exchange);
        return exchange;
    }
}
