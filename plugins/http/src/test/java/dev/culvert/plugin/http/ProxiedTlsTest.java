package dev.culvert.plugin.http;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ProxiedTlsContract;

class ProxiedTlsTest extends ProxiedTlsContract {
    @Override
    protected OriginPlugin plugin() {
        return new HttpPlugin();
    }
}
