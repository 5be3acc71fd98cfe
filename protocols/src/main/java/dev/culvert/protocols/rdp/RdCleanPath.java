package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of RDCleanPath, by which a browser has a gateway open RDP: one from it, one to it, and then bytes.
///
/// | tag | member | type | in |
/// |---|---|---|---|
/// | 0 | version, 3390 | INTEGER | all |
/// | 1 | [error][Failure] | SEQUENCE | failure |
/// | 2 | destination | UTF8String | request |
/// | 3 | proxy_auth | UTF8String | request |
/// | 4 | server_auth | UTF8String | request |
/// | 5 | preconnection_blob | UTF8String | request |
/// | 6 | x224_connection_pdu | OCTET STRING | all; in a failure that of a host that refused |
/// | 7 | server_cert_chain, leaf first | SEQUENCE OF OCTET STRING | response |
/// | 9 | server_addr | UTF8String | response |
///
/// DER, a SEQUENCE of at most 64 KiB; each member has an explicit tag, in their order. Others are refused, and those
/// of another kind too. Immutable.
///
/// Source: Devolutions' IronRDP, crate `ironrdp-rdcleanpath`.
public sealed interface RdCleanPath {
    int VERSION = 3389 + 1;

    int GENERAL_ERROR = 1;
    int NEGOTIATION_ERROR = 2;

    int VERSION_MEMBER = 0;
    int ERROR = 1;
    int DESTINATION = 2;
    int PROXY_AUTH = 3;
    int SERVER_AUTH = 4;
    int PRECONNECTION_BLOB = 5;
    int X224_CONNECTION_PDU = 6;
    int SERVER_CERT_CHAIN = 7;
    int SERVER_ADDR = 9;

    /// @param destination `host:port`, the port may be missing
    /// @param proxyAuth a token for the gateway
    /// @param serverAuth empty when there is none
    /// @param preconnectionBlob what a broker or Hyper-V is told first; empty for none
    /// @param x224 the client's Connection Request
    record Request(
            String destination,
            String proxyAuth,
            String serverAuth,
            String preconnectionBlob,
            byte[] x224)
            implements RdCleanPath {
        /// Without what it proves itself with.
        @Override
        public String toString() {
            return "Request[" + destination + "]";
        }
    }

    /// @param address that was reached
    /// @param x224 the host's Connection Confirm
    /// @param chain certificates in DER, leaf first
    record Response(String address, byte[] x224, List<byte[]> chain) implements RdCleanPath {
        public Response {
            chain = List.copyOf(chain);
        }
    }

    /// @param code [#GENERAL_ERROR] or [#NEGOTIATION_ERROR]
    /// @param httpStatus 0 when it was not that
    /// @param wsaError Windows' code of an error of sockets, 0 when it was not that
    /// @param tlsAlert 0 when it was not that
    /// @param x224 the answer of a host that refused, null otherwise
    record Failure(int code, int httpStatus, int wsaError, int tlsAlert, byte @Nullable [] x224)
            implements RdCleanPath {
        private DerWriter error() {
            DerWriter error = new DerWriter().member(0, new DerWriter().integer(code));
            int[] optional = {httpStatus, wsaError, tlsAlert};
            for (int i = 0; i < optional.length; i++) {
                if (optional[i] != 0) {
                    error.member(i + 1, new DerWriter().integer(optional[i]));
                }
            }
            return new DerWriter().sequence(error);
        }
    }

    /// How long a message is; -1 when that is not there yet.
    ///
    /// @param seen from its first byte, not changed
    /// @param most bytes that are taken
    static int length(ByteBuffer seen, int most) throws ProtocolException {
        int length = DerReader.length(seen, DerReader.SEQUENCE);
        if (length > most) {
            throw ProtocolException.of("RDCleanPath", length + " bytes", "at most " + most);
        }
        return length;
    }

    /// @param message a whole one, and nothing behind it
    static RdCleanPath decode(byte[] message) throws ProtocolException {
        DerReader outer = new DerReader(ByteBuffer.wrap(message));
        CleanPathMembers members = CleanPathMembers.read(outer.content(DerReader.SEQUENCE));
        outer.end();
        return members.message();
    }

    /// The whole message.
    default byte[] encode() {
        DerWriter members =
                new DerWriter().member(VERSION_MEMBER, new DerWriter().integer(VERSION));
        switch (this) {
            case Request request -> {
                members.member(DESTINATION, new DerWriter().text(request.destination))
                        .member(PROXY_AUTH, new DerWriter().text(request.proxyAuth));
                optional(members, SERVER_AUTH, request.serverAuth);
                optional(members, PRECONNECTION_BLOB, request.preconnectionBlob);
                members.member(X224_CONNECTION_PDU, new DerWriter().octets(request.x224));
            }
            case Response response -> {
                DerWriter chain = new DerWriter();
                response.chain.forEach(chain::octets);
                members.member(X224_CONNECTION_PDU, new DerWriter().octets(response.x224))
                        .member(SERVER_CERT_CHAIN, new DerWriter().sequence(chain))
                        .member(SERVER_ADDR, new DerWriter().text(response.address));
            }
            case Failure failure -> {
                members.member(ERROR, failure.error());
                if (failure.x224 != null) {
                    members.member(X224_CONNECTION_PDU, new DerWriter().octets(failure.x224));
                }
            }
        }
        return new DerWriter().sequence(members).toBytes();
    }

    private static void optional(DerWriter members, int number, String text) {
        if (!text.isEmpty()) {
            members.member(number, new DerWriter().text(text));
        }
    }
}
