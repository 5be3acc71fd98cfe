package dev.culvert.plugin.rdp;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.testkit.ByteOriginContract;
import java.util.HexFormat;

class RdpContractTest extends ByteOriginContract {
    /// MS-RDPBCGR, sections 4.1.1 and 4.1.2.
    static final byte[] REQUEST =
            HexFormat.of()
                    .parseHex(
                            "0300002c27e00000000000436f6f6b69653a206d737473686173683d656c746f6e73"
                                    + "0d0a0100080000000000");

    static final byte[] CONFIRM = HexFormat.of().parseHex("030000130ed000001234000200080000000000");

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
        return REQUEST.clone();
    }

    @Override
    protected byte[] originOpening() {
        return CONFIRM.clone();
    }
}
