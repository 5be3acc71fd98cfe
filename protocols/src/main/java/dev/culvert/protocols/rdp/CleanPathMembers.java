package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The members of a message of RDCleanPath, before it is known which one it is. Confined to one thread.
final class CleanPathMembers {
    private static final int COUNT = 10;

    private final @Nullable DerReader[] values = new DerReader[COUNT];

    private CleanPathMembers() {}

    static CleanPathMembers read(DerReader in) throws ProtocolException {
        CleanPathMembers members = new CleanPathMembers();
        int last = -1;
        while (in.hasMore()) {
            int number = in.tag() - DerReader.CONTEXT;
            if (number <= last || number >= COUNT || number == 8) {
                throw ProtocolException.of(
                        "RDCleanPath", "member " + number, "those it has, in their order");
            }
            members.values[number] = in.content(DerReader.CONTEXT + number);
            last = number;
        }
        return members;
    }

    RdCleanPath message() throws ProtocolException {
        int version =
                has(RdCleanPath.VERSION_MEMBER) ? take(RdCleanPath.VERSION_MEMBER).integer() : 0;
        if (version != RdCleanPath.VERSION) {
            throw ProtocolException.of("RDCleanPath version", version, "" + RdCleanPath.VERSION);
        }
        RdCleanPath message =
                has(RdCleanPath.DESTINATION)
                        ? request()
                        : has(RdCleanPath.SERVER_ADDR) ? response() : failure();
        for (int number = 0; number < COUNT; number++) {
            DerReader value = values[number];
            if (value != null) {
                value.end();
            }
        }
        return message;
    }

    private RdCleanPath request() throws ProtocolException {
        only(
                RdCleanPath.DESTINATION,
                RdCleanPath.PROXY_AUTH,
                RdCleanPath.SERVER_AUTH,
                RdCleanPath.PRECONNECTION_BLOB,
                RdCleanPath.X224_CONNECTION_PDU);
        if (!has(RdCleanPath.X224_CONNECTION_PDU)) {
            throw new ProtocolException(
                    "RDCleanPath: no connection request; what Hyper-V takes in place of it is not spoken");
        }
        return new RdCleanPath.Request(
                take(RdCleanPath.DESTINATION).text(),
                take(RdCleanPath.PROXY_AUTH).text(),
                has(RdCleanPath.SERVER_AUTH) ? take(RdCleanPath.SERVER_AUTH).text() : "",
                has(RdCleanPath.PRECONNECTION_BLOB)
                        ? take(RdCleanPath.PRECONNECTION_BLOB).text()
                        : "",
                take(RdCleanPath.X224_CONNECTION_PDU).octets(DerReader.OCTET_STRING));
    }

    private RdCleanPath response() throws ProtocolException {
        only(
                RdCleanPath.X224_CONNECTION_PDU,
                RdCleanPath.SERVER_CERT_CHAIN,
                RdCleanPath.SERVER_ADDR);
        DerReader in = take(RdCleanPath.SERVER_CERT_CHAIN).content(DerReader.SEQUENCE);
        List<byte[]> chain = new ArrayList<>();
        while (in.hasMore()) {
            chain.add(in.octets(DerReader.OCTET_STRING));
        }
        return new RdCleanPath.Response(
                take(RdCleanPath.SERVER_ADDR).text(),
                take(RdCleanPath.X224_CONNECTION_PDU).octets(DerReader.OCTET_STRING),
                chain);
    }

    private RdCleanPath failure() throws ProtocolException {
        only(RdCleanPath.ERROR, RdCleanPath.X224_CONNECTION_PDU);
        int[] numbers = new int[4];
        DerReader in = take(RdCleanPath.ERROR).content(DerReader.SEQUENCE);
        int last = -1;
        while (in.hasMore()) {
            int number = in.tag() - DerReader.CONTEXT;
            if (number <= last || number >= numbers.length) {
                throw ProtocolException.of(
                        "RDCleanPath error", "member " + number, "0 to 3, in their order");
            }
            DerReader value = in.content(DerReader.CONTEXT + number);
            numbers[number] = value.integer();
            value.end();
            last = number;
        }
        return new RdCleanPath.Failure(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                has(RdCleanPath.X224_CONNECTION_PDU)
                        ? take(RdCleanPath.X224_CONNECTION_PDU).octets(DerReader.OCTET_STRING)
                        : null);
    }

    private boolean has(int number) {
        return values[number] != null;
    }

    private DerReader take(int number) throws ProtocolException {
        DerReader value = values[number];
        if (value == null) {
            throw new ProtocolException("RDCleanPath: no member " + number);
        }
        return value;
    }

    private void only(int... allowed) throws ProtocolException {
        for (int number = 1; number < COUNT; number++) {
            int asked = number;
            if (has(number) && Arrays.stream(allowed).noneMatch(n -> n == asked)) {
                throw ProtocolException.of(
                        "RDCleanPath", "member " + number, "none of another kind of message");
            }
        }
    }
}
