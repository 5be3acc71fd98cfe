package dev.culvert.config;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;

/// Configuration text of any content: read, or reported as a problem.
class ConfigFuzzTest {
    @FuzzTest
    void yaml(FuzzedDataProvider data) {
        ProblemList problems = new ProblemList();
        ConfigMap map = YamlFile.parse("fuzz.yml", data.consumeRemainingAsString(), problems);
        if (map != null) {
            map.text("a");
            map.texts("b");
            map.maps("ingress");
            map.finish();
        }
    }

    @FuzzTest
    void json(FuzzedDataProvider data) {
        ProblemList problems = new ProblemList();
        ConfigMap map = PushedJson.parse("fuzz", data.consumeRemainingAsBytes(), problems, null);
        if (map != null) {
            map.text("a");
            map.duration("b", Duration.ZERO, Duration.ZERO, Duration.ofHours(1));
            map.maps("ingress");
            map.valueHashes();
            map.finish();
        }
    }

    @FuzzTest
    void duration(FuzzedDataProvider data) {
        try {
            GoDuration.parse(data.consumeRemainingAsString());
        } catch (IllegalArgumentException expected) {
            // Not a duration.
        }
    }
}
