package dev.culvert.plugin.http;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.HttpAnswersContract;

class HttpAnswersTest extends HttpAnswersContract {
    @Override
    protected OriginPlugin plugin() {
        return new HttpPlugin();
    }
}
