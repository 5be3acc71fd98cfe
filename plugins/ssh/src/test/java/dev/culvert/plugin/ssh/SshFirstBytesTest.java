package dev.culvert.plugin.ssh;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.FirstBytesContract;
import java.nio.charset.StandardCharsets;

/// The origin says as much before its version as it may.
class SshFirstBytesTest extends FirstBytesContract {
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
        return SshContractTest.CLIENT.clone();
    }

    @Override
    protected byte[] originOpening() {
        String lines = "Please wait.\r\n".repeat(560);
        return (lines + "SSH-2.0-x\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
