package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The Client Info PDU, by which a client without NLA says who signs in. All numbers are little endian:
///
/// | bytes | value |
/// |---|---|
/// | 4 | security header; its first two bytes are flags with SEC_INFO_PKT |
/// | 4 | code page |
/// | 4 | flags |
/// | 10 | lengths of the five texts in bytes, without the 2 that end each |
/// | … | domain, user, password, shell, directory: UTF-16, each ended by 2 bytes of 0 |
/// | … | the client's address and so on |
///
/// Holds a secret until it is closed. Confined to one thread. Source: MS-RDPBCGR, section 2.2.1.11.
public final class ClientInfoPdu implements AutoCloseable {
    public static final int INFO_AUTOLOGON = 0x00000008;

    private static final String WHAT = "Client Info";
    private static final int SEC_INFO_PKT = 0x0040;
    private static final int SEC_ENCRYPT = 0x0008;
    private static final int INFO_UNICODE = 0x00000010;
    private static final int INFO_RAIL = 0x00008000;
    private static final int INFO_PASSWORD_IS_SC_PIN = 0x00040000;
    private static final int INFO_USING_SAVED_CREDS = 0x00100000;
    private static final int DOMAIN = 0;
    private static final int USER = 1;
    private static final int PASSWORD = 2;
    private static final int SHELL = 3;
    private static final int DIRECTORY = 4;
    private static final int TEXTS = 5;

    /// More than any text may have (MS-RDPBCGR, section 2.2.1.11.1.1).
    private static final int MAX_TEXT = 2048;

    private final int codePage;
    private int flags;
    private final byte[][] texts;
    private final ByteBuffer rest;

    private ClientInfoPdu(int codePage, int flags, byte[][] texts, ByteBuffer rest) {
        this.codePage = codePage;
        this.flags = flags;
        this.texts = texts;
        this.rest = rest;
    }

    /// @param data what an MCS Send Data Request carries
    public static ClientInfoPdu of(ByteBuffer data) throws ProtocolException {
        PerReader in = new PerReader(WHAT, data.slice());
        int security = in.u32LittleEndian();
        if ((security & SEC_INFO_PKT) == 0 || (security & SEC_ENCRYPT) != 0) {
            throw ProtocolException.of(
                    WHAT + " security", "0x" + Integer.toHexString(security), "SEC_INFO_PKT alone");
        }
        int codePage = in.u32LittleEndian();
        int flags = in.u32LittleEndian();
        if ((flags & INFO_UNICODE) == 0) {
            throw new ProtocolException(WHAT + ": texts that are not Unicode");
        }
        int[] lengths = new int[TEXTS];
        for (int i = 0; i < TEXTS; i++) {
            lengths[i] = in.u16LittleEndian();
            if (lengths[i] > MAX_TEXT || lengths[i] % 2 != 0) {
                throw ProtocolException.of(
                        WHAT + " text", lengths[i] + " bytes", "an even number up to " + MAX_TEXT);
            }
        }
        byte[][] texts = new byte[TEXTS][];
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = new byte[lengths[i]];
            in.take(lengths[i]).get(texts[i]);
            in.expect("end of a text", 0, 0);
        }
        return new ClientInfoPdu(codePage, flags, texts, in.take(in.remaining()));
    }

    public int flags() {
        return flags;
    }

    public String domain() {
        return text(DOMAIN);
    }

    public String user() {
        return text(USER);
    }

    /// Whether there is anything to sign in with.
    public boolean hasPassword() {
        return texts[USER].length > 0 && texts[PASSWORD].length > 0;
    }

    private String text(int which) {
        return new String(texts[which], StandardCharsets.UTF_16LE);
    }

    /// Somebody else signs in.
    ///
    /// @param password not kept
    public void signIn(String domain, String user, char[] password) {
        texts[DOMAIN] = domain.getBytes(StandardCharsets.UTF_16LE);
        texts[USER] = user.getBytes(StandardCharsets.UTF_16LE);
        Arrays.fill(texts[PASSWORD], (byte) 0);
        ByteBuffer encoded = StandardCharsets.UTF_16LE.encode(CharBuffer.wrap(password));
        texts[PASSWORD] = new byte[encoded.remaining()];
        encoded.get(texts[PASSWORD]);
        Arrays.fill(encoded.array(), (byte) 0);
        flags &= ~(INFO_PASSWORD_IS_SC_PIN | INFO_USING_SAVED_CREDS);
    }

    /// The host does not ask again for what is there already.
    public void signInAtOnce() {
        flags |= INFO_AUTOLOGON;
    }

    /// The whole desktop, not a program of the client's choice.
    public void plainDesktop() {
        texts[SHELL] = new byte[0];
        texts[DIRECTORY] = new byte[0];
        flags &= ~INFO_RAIL;
    }

    /// As [#of] reads it. The caller clears it.
    public ByteBuffer data() {
        int length = 22 + rest.remaining();
        for (byte[] text : texts) {
            length += text.length + 2;
        }
        ByteBuffer data = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(SEC_INFO_PKT).putInt(codePage).putInt(flags);
        for (byte[] text : texts) {
            data.putShort((short) text.length);
        }
        for (byte[] text : texts) {
            data.put(text).putShort((short) 0);
        }
        return data.put(rest.duplicate()).flip();
    }

    /// Forgets the password.
    @Override
    public void close() {
        Arrays.fill(texts[PASSWORD], (byte) 0);
    }
}
