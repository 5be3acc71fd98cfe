package dev.culvert.example.clock;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ServedHttpContract;

class ClockContractTest extends ServedHttpContract {
    @Override
    protected OriginPlugin plugin() {
        return new ClockPlugin();
    }

    @Override
    protected String service() {
        return "clock:Europe/Zurich";
    }
}
