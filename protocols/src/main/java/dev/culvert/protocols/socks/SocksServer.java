package dev.culvert.protocols.socks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the opening of a SOCKS5 client, greeting and request, in pieces of any size.
///
/// States: greeting → ([Step.Method]) → request → [Step.Connect]; [Step.Refuse] from either. After
/// `Connect` and `Refuse` nothing more is taken: bytes that follow belong to the stream.
///
/// Holds at most [#MAX_MESSAGE] bytes. Source: RFC 1928, sections 3, 4 and 6. Not thread-safe.
public final class SocksServer {
    static final byte VERSION = 5;
    private static final byte NO_AUTHENTICATION = 0;
    private static final byte NO_ACCEPTABLE_METHOD = (byte) 0xff;

    /// The longest message: a request with a name of 255 bytes.
    public static final int MAX_MESSAGE = 262;

    /// What the bytes so far ask for.
    public sealed interface Step {
        /// The greeting is whole: send the answer and go on.
        record Method(byte[] answer) implements Step {}

        /// The request is whole: reach the destination, then answer with a [SocksReply].
        record Connect(SocksRequest request) implements Step {}

        /// Send the answer, which may be empty, and end.
        ///
        /// @param reason one plain sentence
        record Refuse(byte[] answer, String reason) implements Step {}
    }

    private final byte[] message = new byte[MAX_MESSAGE];
    private int count;
    private boolean greeted;
    private boolean over;

    /// Takes bytes up to the end of one message.
    ///
    /// @return null when the message is not whole yet, or nothing more is taken
    public @Nullable Step receive(ByteBuffer in) {
        while (!over && in.hasRemaining()) {
            message[count++] = in.get();
            Step step = greeted ? request() : greeting();
            if (step != null) {
                count = 0;
                greeted = true;
                over = !(step instanceof Step.Method);
                return step;
            }
        }
        return null;
    }

    private @Nullable Step greeting() {
        if (message[0] != VERSION) {
            return new Step.Refuse(
                    new byte[0],
                    message[0] == 4
                            ? "The client speaks SOCKS4; this service is SOCKS5."
                            : "The client does not speak SOCKS5, which this service is.");
        }
        if (count < 2 || count < 2 + (message[1] & 0xff)) {
            return null;
        }
        for (int i = 2; i < count; i++) {
            if (message[i] == NO_AUTHENTICATION) {
                return new Step.Method(new byte[] {VERSION, NO_AUTHENTICATION});
            }
        }
        return new Step.Refuse(
                new byte[] {VERSION, NO_ACCEPTABLE_METHOD},
                "The client insists on SOCKS authentication, and this service has none.");
    }

    private @Nullable Step request() {
        if (message[0] != VERSION) {
            return refuse(SocksReply.GENERAL_FAILURE, "The SOCKS request is not of version 5.");
        }
        if (count < 5) {
            return null;
        }
        int address;
        switch (message[3]) {
            case SocksRequest.IPV4 -> address = 4;
            case SocksRequest.IPV6 -> address = 16;
            case SocksRequest.NAME -> address = 1 + (message[4] & 0xff);
            default -> {
                return refuse(
                        SocksReply.ADDRESS_TYPE_NOT_SUPPORTED,
                        "The SOCKS request has an address of no known type.");
            }
        }
        if (count < 4 + address + 2) {
            return null;
        }
        if (message[1] != SocksRequest.CONNECT) {
            return refuse(
                    SocksReply.COMMAND_NOT_SUPPORTED,
                    "The SOCKS request is not CONNECT, the only one supported.");
        }
        boolean named = message[3] == SocksRequest.NAME;
        byte[] bytes = Arrays.copyOfRange(message, named ? 5 : 4, 4 + address);
        String host =
                named
                        ? new String(bytes, StandardCharsets.ISO_8859_1)
                        : SocksRequest.literal(bytes);
        int port = (message[count - 2] & 0xff) << 8 | (message[count - 1] & 0xff);
        if (port == 0 || !SocksRequest.isName(host)) {
            return refuse(
                    SocksReply.GENERAL_FAILURE, "The SOCKS request names no possible destination.");
        }
        return new Step.Connect(new SocksRequest(host, port));
    }

    private static Step refuse(SocksReply reply, String reason) {
        return new Step.Refuse(reply.encode(), reason);
    }
}
