package dev.culvert.plugin.http;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ProxiedHttp2Contract;

class ProxiedHttp2Test extends ProxiedHttp2Contract {
    @Override
    protected OriginPlugin plugin() {
        return new HttpPlugin();
    }
}
