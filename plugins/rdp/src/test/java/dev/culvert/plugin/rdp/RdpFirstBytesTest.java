package dev.culvert.plugin.rdp;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.FirstBytesContract;

class RdpFirstBytesTest extends FirstBytesContract {
    @Override
    protected OriginPlugin plugin() {
        return new RdpPlugin();
    }

    @Override
    protected String scheme() {
        return "rdp";
    }

    @Override
    protected byte[] clientOpening() {
        return RdpContractTest.REQUEST.clone();
    }

    @Override
    protected byte[] originOpening() {
        return RdpContractTest.CONFIRM.clone();
    }
}
