package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.state.StateException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountryDatabaseTest {
    @TempDir Path temp;
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = temp.resolve("country.mmdb");
        CountryFile.write(
                file, "192.0.2.0/24", "DE", "198.51.100.128/25", "FR", "2001:db8::/32", "SE");
    }

    private static @Nullable String country(CountryDatabase database, String address) {
        return database.country(InetAddress.ofLiteral(address));
    }

    @Test
    void knowsTheCountryOfAnAddress() throws Exception {
        try (CountryDatabase database = CountryDatabase.open(file)) {
            assertThat(country(database, "192.0.2.255")).isEqualTo("DE");
            assertThat(country(database, "198.51.100.128")).isEqualTo("FR");
            assertThat(country(database, "198.51.100.127")).isNull();
            assertThat(country(database, "::ffff:192.0.2.1")).isEqualTo("DE");
            assertThat(country(database, "2001:db8::1")).isEqualTo("SE");
            assertThat(country(database, "2001:db9::1")).isNull();
        }
    }

    @Test
    void readsTheShapesOfOtherProviders() throws Exception {
        new CountryFile()
                .put("192.0.2.0/24", Map.of("country_code", "DE", "country", "Germany"))
                .put("198.51.100.0/24", Map.of("country", "FR"))
                .put("203.0.113.0/24", Map.of("country", "unknown"))
                .write(file, "other");

        try (CountryDatabase database = CountryDatabase.open(file)) {
            assertThat(country(database, "192.0.2.1")).isEqualTo("DE");
            assertThat(country(database, "198.51.100.1")).isEqualTo("FR");
            assertThat(country(database, "203.0.113.1")).isNull();
        }
    }

    @Test
    void takesAFileThatHasChanged() throws Exception {
        try (CountryDatabase database = CountryDatabase.open(file)) {
            assertThat(database.reload()).isFalse();
            Path next = temp.resolve("next.mmdb");
            CountryFile.write(next, "192.0.2.0/24", "AT", "203.0.113.0/24", "CH");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(database.reload()).isTrue();

            assertThat(country(database, "192.0.2.1")).isEqualTo("AT");
            assertThat(database.reload()).isFalse();
        }
    }

    @Test
    void keepsTheOldOneWhileTheFileCannotBeUsed() throws Exception {
        try (CountryDatabase database = CountryDatabase.open(file)) {
            Files.writeString(file, "damaged");
            assertThat(database.reload()).isFalse();
            Files.delete(file);
            assertThat(database.reload()).isFalse();

            assertThat(country(database, "192.0.2.1")).isEqualTo("DE");
        }
    }

    @Test
    void refusesAFileThatIsNoDatabaseOfCountries() throws Exception {
        Path text = Files.writeString(temp.resolve("text"), "no database");
        Path networks = temp.resolve("asn.mmdb");
        new CountryFile().put("192.0.2.0/24", Map.of("asn", "AS1")).write(networks, "Test-ASN");
        Path cut = temp.resolve("cut.mmdb");
        byte[] whole = Files.readAllBytes(file);
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> CountryDatabase.open(text))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(text + " is no MaxMind database, or is damaged");
        assertThatThrownBy(() -> CountryDatabase.open(cut))
                .hasMessageContaining(cut + " is no MaxMind database, or is damaged");
        assertThatThrownBy(() -> CountryDatabase.open(networks))
                .hasMessageContaining("of the type \"Test-ASN\", without countries");
        assertThatThrownBy(() -> CountryDatabase.open(temp.resolve("none")))
                .hasMessageContaining("none does not exist");
    }
}
