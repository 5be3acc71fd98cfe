package dev.culvert.plugin.http;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ServedHttpContract;

class ServedHelloTest extends ServedHttpContract {
    @Override
    protected OriginPlugin plugin() {
        return new HttpPlugin();
    }

    @Override
    protected String service() {
        return "hello_world";
    }
}
