package dev.culvert.plugin.http;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ProxiedHttpContract;

class ProxiedHttpTest extends ProxiedHttpContract {
    @Override
    protected OriginPlugin plugin() {
        return new HttpPlugin();
    }
}
