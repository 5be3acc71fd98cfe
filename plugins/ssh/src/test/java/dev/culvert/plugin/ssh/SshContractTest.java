package dev.culvert.plugin.ssh;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ByteOriginContract;
import java.nio.charset.StandardCharsets;

class SshContractTest extends ByteOriginContract {
    static final byte[] CLIENT = "SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII);
    static final byte[] ORIGIN =
            "SSH-2.0-OpenSSH_9.6 Debian\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    protected OriginPlugin plugin() {
        return new SshPlugin();
    }

    @Override
    protected String scheme() {
        return "ssh";
    }

    @Override
    protected byte[] clientOpening() {
        return CLIENT.clone();
    }

    @Override
    protected byte[] originOpening() {
        return ORIGIN.clone();
    }
}
