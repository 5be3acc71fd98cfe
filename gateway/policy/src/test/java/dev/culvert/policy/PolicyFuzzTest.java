package dev.culvert.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.config.InvalidConfigException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Rules and paths of any content: rules are refused or can be asked; a path has a reading or is nobody's.
class PolicyFuzzTest {
    private static final String SITE = "example.com";

    private final PolicyEngine places =
            Samples.engine(
                    Samples.application("site", List.of(SITE)),
                    Samples.application("admin", List.of(SITE + "/admin")));

    @FuzzTest
    void rules(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        AccessRules rules;
        try {
            rules = AccessRulesReader.parse("fuzz.yml", text);
        } catch (InvalidConfigException expected) {
            return;
        }
        PolicyEngine engine = new PolicyEngine(rules);
        for (Application application : rules.applications()) {
            for (Application.Place place : application.places()) {
                String host = place.host().replace("*", "any");
                if (engine.find(host, encoded(place.path())) == null) {
                    throw new IllegalStateException("no application at its own place " + place);
                }
            }
            engine.explain(application, Samples.nobody()).text();
        }
    }

    /// A place of one application may be inside another's; what counts is that it is found at all.
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            text.append(
                    octet > ' ' && octet < 0x7f
                            ? String.valueOf((char) octet)
                            : String.format("%%%02x", octet & 0xff));
        }
        return text.toString();
    }

    @FuzzTest
    void paths(FuzzedDataProvider data) {
        String path = data.consumeRemainingAsString();
        Application found = places.find(SITE, path);
        if (found == null) {
            throw new IllegalStateException("all of the host is in applications");
        }
        Set<String> readings = PathReadings.of(path);
        if (PathReadings.isClear(path) && readings.size() != 1) {
            throw new IllegalStateException("clear, and read as " + readings);
        }
        for (String reading : readings) {
            boolean admin = reading.equals("/admin") || reading.startsWith("/admin/");
            if (found != PolicyEngine.UNCLEAR && admin != found.name().equals("admin")) {
                throw new IllegalStateException("in " + found.name() + ", read as " + reading);
            }
        }
    }
}
