package dev.culvert.plugin.desktop.builtin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Writes packets of an RDP client by hand, without any of the code under test. Numbers are little endian unless they
/// say otherwise.
final class RdpBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static RdpBytes of(String hex) {
        return new RdpBytes().hex(hex);
    }

    RdpBytes hex(String digits) {
        return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    RdpBytes raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    RdpBytes u8(int value) {
        bytes.write(value);
        return this;
    }

    RdpBytes u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    RdpBytes u16BigEndian(int value) {
        return u8(value >>> 8).u8(value);
    }

    RdpBytes u32(int value) {
        return u16(value).u16(value >>> 16);
    }

    RdpBytes zeros(int count) {
        return raw(new byte[count]);
    }

    /// `04 82`-like: two bytes of length.
    RdpBytes ber(String tag, byte[] content) {
        return hex(tag).u8(0x82).u16BigEndian(content.length).raw(content);
    }

    RdpBytes per(byte[] content) {
        return u16BigEndian(0x8000 | content.length).raw(content);
    }

    RdpBytes utf16(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_16LE)).u16(0);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /// In TPKT and X.224.
    static byte[] data(byte[] content) {
        return new RdpBytes()
                .hex("0300")
                .u16BigEndian(content.length + 7)
                .hex("02f080")
                .raw(content)
                .bytes();
    }

    /// MCS Connect Initial; each of the channels takes 8 bytes of name and 4 of options.
    static byte[] connectInitial(String... channels) {
        RdpBytes core =
                new RdpBytes()
                        .u16(0xc001)
                        .u16(216)
                        .u32(0x00080004)
                        .u16(1024)
                        .u16(768)
                        .u16(0xca01)
                        .u16(0xaa03)
                        .u32(0x409)
                        .u32(2600)
                        .zeros(32)
                        .u32(4)
                        .u32(0)
                        .u32(12)
                        .zeros(64)
                        .u16(0xca01)
                        .u16(1)
                        .u32(0)
                        .u16(16)
                        .u16(7)
                        .u16(1)
                        .zeros(64)
                        .u8(0)
                        .u8(0)
                        .u32(1);
        RdpBytes blocks = core.u16(0xc002).u16(12).u32(0).u32(0);
        blocks.u16(0xc003).u16(8 + 12 * channels.length).u32(channels.length);
        for (String channel : channels) {
            byte[] name = channel.getBytes(StandardCharsets.US_ASCII);
            blocks.raw(name).zeros(8 - name.length).u32(0x80800000);
        }
        byte[] gcc =
                RdpBytes.of("0005 0014 7c00 01")
                        .per(
                                RdpBytes.of("0008 0010 0001 c000")
                                        .hex("44756361")
                                        .per(blocks.bytes())
                                        .bytes())
                        .bytes();
        RdpBytes initial =
                RdpBytes.of("040101 040101 0101ff")
                        .hex("3019 020122 020102 020100 020101 020100 020101 0202ffff 020102")
                        .hex("3019 020101 020101 020101 020101 020100 020101 02020420 020102")
                        .hex("301c 0202ffff 0202fc17 0202ffff 020101 020100 020101 0202ffff 020102")
                        .ber("04", gcc);
        return data(new RdpBytes().ber("7f65", initial.bytes()).bytes());
    }

    static byte[] sendData(int user, int channel, byte[] content) {
        return data(
                RdpBytes.of("64")
                        .u16BigEndian(user)
                        .u16BigEndian(channel)
                        .u8(0x70)
                        .per(content)
                        .bytes());
    }

    static byte[] clientInfo(String user, String password, String shell) {
        String[] texts = {"", user, password, shell, ""};
        RdpBytes info = new RdpBytes().u32(0x40).u32(0).u32(0x00000173);
        for (String text : texts) {
            info.u16(2 * text.length());
        }
        for (String text : texts) {
            info.utf16(text);
        }
        return info.u16(2).u16(2).u16(0).u16(2).u16(0).zeros(172 + 4 + 4).u16(0).bytes();
    }

    static byte[] shareControl(int user, int type, byte[] content) {
        return new RdpBytes()
                .u16(content.length + 6)
                .u16(0x10 | type)
                .u16(user + 1001)
                .raw(content)
                .bytes();
    }

    static byte[] shareData(int user, int share, int type, byte[] content) {
        return shareControl(
                user,
                7,
                new RdpBytes()
                        .u32(share)
                        .u8(0)
                        .u8(1)
                        .u16(content.length + 18)
                        .u8(type)
                        .u8(0)
                        .u16(0)
                        .raw(content)
                        .bytes());
    }

    static byte[] confirmActive(int user, int share) {
        byte[] general = new RdpBytes().u16(1).u16(24).u16(1).u16(3).u16(0x200).zeros(14).bytes();
        byte[] bitmap =
                new RdpBytes()
                        .u16(2)
                        .u16(28)
                        .u16(24)
                        .u16(1)
                        .u16(1)
                        .u16(1)
                        .u16(1024)
                        .u16(768)
                        .u16(0)
                        .u16(1)
                        .u16(1)
                        .u16(0)
                        .u16(1)
                        .u16(0)
                        .bytes();
        byte[] input =
                new RdpBytes()
                        .u16(13)
                        .u16(88)
                        .u16(0x29)
                        .u16(0)
                        .u32(0x409)
                        .u32(4)
                        .u32(0)
                        .u32(12)
                        .zeros(64)
                        .bytes();
        return shareControl(
                user,
                3,
                new RdpBytes()
                        .u32(share)
                        .u16(0x03ea)
                        .u16(6)
                        .u16(4 + general.length + bitmap.length + input.length)
                        .raw("MSTSC\0".getBytes(StandardCharsets.US_ASCII))
                        .u16(3)
                        .u16(0)
                        .raw(general)
                        .raw(bitmap)
                        .raw(input)
                        .bytes());
    }

    /// One key of the fast path.
    static byte[] fastKey(int scancode, boolean down) {
        return new RdpBytes().hex("0404").u8(down ? 0 : 1).u8(scancode).bytes();
    }

    /// One key of a TS_INPUT_PDU.
    static byte[] slowKey(int scancode, boolean down) {
        return new RdpBytes()
                .u16(1)
                .u16(0)
                .u32(0)
                .u16(4)
                .u16(down ? 0 : 0x8000)
                .u16(scancode)
                .u16(0)
                .bytes();
    }
}
