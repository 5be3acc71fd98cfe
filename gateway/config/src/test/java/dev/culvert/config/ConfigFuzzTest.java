package dev.culvert.config;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

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
    void duration(FuzzedDataProvider data) {
        try {
            GoDuration.parse(data.consumeRemainingAsString());
        } catch (IllegalArgumentException expected) {
            // Not a duration.
        }
    }
}
