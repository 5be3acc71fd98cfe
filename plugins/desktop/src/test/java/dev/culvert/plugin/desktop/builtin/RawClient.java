package dev.culvert.plugin.desktop.builtin;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An RDP client that does what it likes, whatever the page's buttons say: it asks for any channel, and types by the
/// fast path and by the slow one. No NLA. Its packets are written by hand.
final class RawClient {
    private static final String KEYS =
            "\0\0001234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0\0\0 ";
    private static final int IO = 1003;

    /// Of the packet that a host answers with, behind the headers of TPKT and X.224.
    private static final int ATTACH_USER_CONFIRM = 0x2e;

    /// Numbers of channels on which the host has said something.
    final Set<Integer> heard = new ConcurrentSkipListSet<>();

    private final BrowserSide side;
    private final DataInputStream in;
    private final CountDownLatch pictures = new CountDownLatch(1);
    private int user;
    private int share;
    private final List<Integer> channels = new ArrayList<>();
    byte[] connectResponse = new byte[0];

    RawClient(BrowserSide side, InputStream in) {
        this.side = side;
        this.in = new DataInputStream(in);
    }

    /// As far as the first picture.
    void open(String name, String password, String shell, String... asked) throws Exception {
        side.send(RdpBytes.connectInitial(asked));
        connectResponse = packet();
        readChannels(asked.length);
        side.send(RdpBytes.data(HexFormat.of().parseHex("0401000100")));
        side.send(RdpBytes.data(HexFormat.of().parseHex("28")));
        byte[] attached = packet();
        if (attached[7] != ATTACH_USER_CONFIRM) {
            throw new IOException("not attached");
        }
        user = ByteBuffer.wrap(attached).getShort(9);
        join(user + 1001);
        join(IO);
        for (int channel : channels) {
            join(channel);
        }
        side.send(RdpBytes.sendData(user, IO, RdpBytes.clientInfo(name, password, shell)));
        Thread.ofVirtual().name("raw-client").start(this::listen);
        if (!pictures.await(30, TimeUnit.SECONDS)) {
            throw new IOException("no picture; closed: " + side.closed.getNow(null));
        }
    }

    private void readChannels(int count) {
        String hex = HexFormat.of().formatHex(connectResponse);
        // SC_NET
        int at = hex.indexOf("030c", hex.indexOf("4d63446e")) / 2;
        ByteBuffer block = ByteBuffer.wrap(connectResponse).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            channels.add((int) block.getShort(at + 8 + 2 * i));
        }
    }

    private void join(int channel) throws IOException {
        side.send(
                RdpBytes.data(RdpBytes.of("38").u16BigEndian(user).u16BigEndian(channel).bytes()));
        packet();
    }

    private byte[] packet() throws IOException {
        byte[] head = new byte[4];
        in.readFully(head, 0, 2);
        int length;
        int have = 2;
        if (head[0] == 3) {
            in.readFully(head, 2, 2);
            have = 4;
            length = ByteBuffer.wrap(head).getShort(2) & 0xffff;
        } else if ((head[1] & 0x80) != 0) {
            in.readFully(head, 2, 1);
            have = 3;
            length = (head[1] & 0x7f) << 8 | head[2] & 0xff;
        } else {
            length = head[1];
        }
        byte[] packet = new byte[length];
        System.arraycopy(head, 0, packet, 0, have);
        in.readFully(packet, have, length - have);
        return packet;
    }

    private void listen() {
        try {
            while (true) {
                byte[] packet = packet();
                if (packet[0] != 3) {
                    pictures.countDown();
                } else if (packet[7] == 0x68) {
                    received(ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN));
                }
            }
        } catch (IOException e) {
            // The session is over.
        }
    }

    private void received(ByteBuffer packet) {
        int channel = Short.reverseBytes(packet.getShort(10)) & 0xffff;
        int at = (packet.get(13) & 0x80) != 0 ? 15 : 14;
        heard.add(channel);
        if (channel == IO && packet.limit() >= at + 10) {
            boolean isDemandActive = (packet.get(at + 2) & 0xff) == 0x11;
            boolean isUpdate =
                    (packet.get(at + 2) & 0xff) == 0x17
                            && packet.limit() > at + 14
                            && packet.get(at + 14) == 2;
            boolean isLicenseRequest = packet.getShort(at) == 0x80 && packet.get(at + 4) == 1;
            if (isLicenseRequest) {
                // An error alert in return: there is nothing to license with.
                send(IO, RdpBytes.of("80000000 ff031000 02000000 02000000 04000000").bytes());
            } else if (isDemandActive) {
                share = packet.getInt(at + 6);
                activate();
            } else if (isUpdate) {
                pictures.countDown();
            }
        }
    }

    private void activate() {
        side.send(RdpBytes.sendData(user, IO, RdpBytes.confirmActive(user, share)));
        data(0x1f, new RdpBytes().u16(1).u16(1002).bytes());
        data(0x14, new RdpBytes().u16(4).u16(0).u32(0).bytes());
        data(0x14, new RdpBytes().u16(1).u16(0).u32(0).bytes());
        data(0x27, new RdpBytes().u16(0).u16(0).u16(3).u16(50).bytes());
    }

    private void data(int type, byte[] content) {
        side.send(RdpBytes.sendData(user, IO, RdpBytes.shareData(user, share, type, content)));
    }

    /// The number that the host gave the channel which was asked for at that place.
    int channel(int place) {
        return channels.get(place);
    }

    void send(int channel, byte[] content) {
        side.send(RdpBytes.sendData(user, channel, content));
    }

    void typeFast(String text) {
        text.chars()
                .forEach(c -> {
                    side.send(RdpBytes.fastKey(KEYS.indexOf(c), true));
                    side.send(RdpBytes.fastKey(KEYS.indexOf(c), false));
                });
    }

    void typeSlow(String text) {
        text.chars()
                .forEach(c -> {
                    data(0x1c, RdpBytes.slowKey(KEYS.indexOf(c), true));
                    data(0x1c, RdpBytes.slowKey(KEYS.indexOf(c), false));
                });
    }

    /// On another channel than the one of input, and hidden behind something harmless in one packet.
    void typeHidden(String text) {
        text.chars()
                .forEach(c -> {
                    byte[] harmless =
                            RdpBytes.shareData(
                                    user, share, 0x1f, new RdpBytes().u16(1).u16(1002).bytes());
                    for (boolean down : new boolean[] {true, false}) {
                        byte[] key =
                                RdpBytes.shareData(
                                        user, share, 0x1c, RdpBytes.slowKey(KEYS.indexOf(c), down));
                        send(IO, new RdpBytes().raw(harmless).raw(key).bytes());
                        send(0, key);
                    }
                });
    }
}
