package dev.culvert.plugin.tcp;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ByteOriginContract;

class TcpContractTest extends ByteOriginContract {
    @Override
    protected OriginPlugin plugin() {
        return new TcpPlugin();
    }

    @Override
    protected String scheme() {
        return "tcp";
    }

    @Override
    protected byte[] clientOpening() {
        return new byte[] {0, 1, 2, (byte) 0xff};
    }

    @Override
    protected byte[] originOpening() {
        return new byte[] {(byte) 0x80, 0};
    }
}
