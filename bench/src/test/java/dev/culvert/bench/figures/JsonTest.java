package dev.culvert.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class JsonTest {
    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("text", "a \"quoted\" \\ line\nwith ÷ and \t");
        all.put("whole", 123456789012L);
        all.put("number", 0.000123456789);
        all.put("list", List.of(Map.of("a", 1), Map.of("b", true)));
        all.put("empty", List.of());
        all.put("values", Arrays.asList(1.5, null, Double.NaN));

        Map<?, ?> read = JsonMapper.shared().readValue(Json.write(all), Map.class);

        assertThat(read.get("text")).isEqualTo(all.get("text"));
        assertThat(read.get("whole")).isEqualTo(123456789012L);
        assertThat(read.get("number")).isEqualTo(0.000123457);
        assertThat(read.get("list")).isEqualTo(List.of(Map.of("a", 1), Map.of("b", true)));
        assertThat(read.get("empty")).isEqualTo(List.of());
        assertThat(read.get("values")).isEqualTo(Arrays.asList(1.5, null, null));
    }
}
