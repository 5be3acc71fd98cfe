package dev.culvert.protocols.rdp;

import java.util.ArrayList;
import java.util.List;

/// Bits of RDP_NEG_REQ and RDP_NEG_RSP: what protects a connection (MS-RDPBCGR, section 2.2.1.1.1).
public final class SecurityProtocol {
    /// RDP's own.
    public static final int PROTOCOL_RDP = 0x0;

    public static final int PROTOCOL_SSL = 0x1;

    /// CredSSP in TLS: NLA.
    public static final int PROTOCOL_HYBRID = 0x2;

    public static final int PROTOCOL_RDSTLS = 0x4;

    /// The same, and the host says early whether the user is authorised.
    public static final int PROTOCOL_HYBRID_EX = 0x8;

    private static final String[] NAMES = {"tls", "credssp", "rdstls", "credssp-ex", "entra"};

    private SecurityProtocol() {}

    /// For people: `tls,credssp`.
    ///
    /// @param protocols -1 when nothing was negotiated
    public static String names(int protocols) {
        if (protocols == -1 || protocols == PROTOCOL_RDP) {
            return "rdp";
        }
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((protocols & 1 << bit) != 0) {
                names.add(NAMES[bit]);
            }
        }
        int others = protocols & -(1 << NAMES.length);
        if (others != 0) {
            names.add("0x" + Integer.toHexString(others));
        }
        return String.join(",", names);
    }
}
