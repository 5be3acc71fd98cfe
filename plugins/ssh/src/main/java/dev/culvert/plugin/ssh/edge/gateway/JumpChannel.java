package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.plugin.ssh.edge.io.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.common.channel.ChannelPipedInputStream;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The channel of `-J`: `direct-tcpip` to a host that is an application of this edge, after its policies let it in.
///
/// An audited one ends here: the edge is the SSH server of what runs inside, under a certificate for the host's
/// name. A passthrough one goes on to the host, byte by byte, unless it has to be recorded.
final class JumpChannel extends AbstractServerChannel {
    private static final Logger LOG = LoggerFactory.getLogger(JumpChannel.class);
    private static final long SSH_PORT = 22;
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final int BYTES = 32 * 1024;

    private final Gateway gateway;
    private @Nullable ChannelPipedInputStream input;
    private @Nullable ChannelOutputStream output;

    private JumpChannel(Gateway gateway) {
        super(null);
        this.gateway = gateway;
    }

    static ChannelFactory factory(Gateway gateway) {
        return new ChannelFactory() {
            @Override
            public String getName() {
                return "direct-tcpip";
            }

            @Override
            public Channel createChannel(Session session) {
                return new JumpChannel(gateway);
            }
        };
    }

    @Override
    protected OpenFuture doInit(Buffer buffer) {
        String host = buffer.getString();
        long port = buffer.getUInt();
        OpenFuture opened = new DefaultOpenFuture(this, this);
        Thread.ofVirtual().name("ssh-jump").start(() -> jump(host, port, opened));
        return opened;
    }

    private void jump(String host, long port, OpenFuture opened) {
        try (Admitted admitted = admit(host, port)) {
            if (admitted.ssh().settings().gateway() == SshSettings.Passage.AUDITED) {
                gateway.serveInside(streams(opened), admitted, Visit.of(getSession()).address());
            } else {
                pass(admitted, opened);
            }
        } catch (RefusedException e) {
            refuse(Relay.sentence(e));
        } catch (IOException e) {
            LOG.debug("a jump has ended channel={} reason={}", this, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("A jump has failed channel={}", this, e);
        } finally {
            close(false);
        }
    }

    private Admitted admit(String host, long port) throws IOException {
        Visit visit = Visit.of(getSession());
        Person person = visit.person();
        Target target = Target.of("any", host);
        if (person == null || target == null || port != SSH_PORT) {
            throw new RefusedException(
                    "bad_target",
                    "The gateway leads to port 22 of applications, not to "
                            + Requests.line(host)
                            + ":"
                            + port,
                    "Use ssh -J EDGE LOGIN@HOST");
        }
        return gateway.admit(visit, person, target.host());
    }

    /// Tells the client that it is open.
    private Wire streams(OpenFuture opened) {
        ChannelPipedInputStream in = new ChannelPipedInputStream(getLocalWindow(), 0);
        ChannelOutputStream out =
                new ChannelOutputStream(
                        this,
                        getRemoteWindow(),
                        FOR_EVER,
                        log,
                        SshConstants.SSH_MSG_CHANNEL_DATA,
                        true);
        out.setNoDelay(true);
        synchronized (this) {
            input = in;
            output = out;
        }
        signalOpened();
        opened.setOpened();
        return new ChannelWire(in, out);
    }

    private void signalOpened() {
        try {
            signalChannelOpenSuccess();
        } catch (Throwable e) {
            throw new IllegalStateException("listeners do not fail", e);
        }
    }

    private void pass(Admitted admitted, OpenFuture opened)
            throws IOException, InterruptedException {
        if (admitted.ssh().settings().recording() == SshSettings.Recording.REQUIRED) {
            throw new RefusedException(
                    "recording_required",
                    "Sessions of "
                            + admitted.application()
                            + " have to be recorded, and the edge cannot record what passes"
                            + " through it",
                    "Use ssh LOGIN%" + admitted.host() + "@EDGE");
        }
        try (TunnelStream stream = admitted.open()) {
            Wire wire = streams(opened);
            gateway.services()
                    .audit(
                            AuditNote.of(
                                    admitted,
                                    "opened",
                                    "use",
                                    "passthrough",
                                    "via",
                                    "gateway",
                                    "recording",
                                    "none"));
            admitted.onEnd(reason -> close(true));
            // Whoever waits for a host that takes nothing, or says nothing, is woken.
            addCloseFutureListener(closed -> stream.close());
            Thread back = Thread.ofVirtual().name("ssh-jump-back").start(() -> back(stream, wire));
            try {
                copy(wire.input(), stream.output());
                if (stream.halfClose()) {
                    stream.endOutput();
                }
                back.join();
            } finally {
                stream.close();
                back.join();
            }
        }
    }

    private void back(TunnelStream stream, Wire wire) {
        try {
            copy(stream.input(), wire.output());
        } catch (IOException e) {
            LOG.debug("a jump has ended channel={} reason={}", this, e.toString());
        } finally {
            close(false);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[BYTES];
        for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
            to.write(bytes, 0, count);
            to.flush();
        }
    }

    /// SSHD would not pass the words on.
    private void refuse(String text) {
        try {
            Session session = getSession();
            Buffer message =
                    session.createBuffer(
                            SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, text.length() * 3 + 32);
            message.putUInt(getRecipient());
            message.putInt(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED);
            message.putString(text);
            message.putString("");
            session.writePacket(message);
        } catch (IOException e) {
            LOG.debug("nobody to tell channel={}", this, e);
        } finally {
            close(true);
        }
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) throws IOException {
        ChannelPipedInputStream in;
        synchronized (this) {
            in = input;
        }
        if (in == null) {
            throw new GatewayProtocolException("data came before the channel was open");
        }
        in.receive(data, offset, (int) length);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int offset, long length) throws IOException {
        throw new GatewayProtocolException("a port has no extended data");
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        ChannelPipedInputStream in;
        synchronized (this) {
            in = input;
        }
        if (in != null) {
            in.eof();
        }
    }

    @Override
    protected void preClose() {
        ChannelPipedInputStream in;
        synchronized (this) {
            in = input;
        }
        if (in != null) {
            in.eof();
        }
        super.preClose();
    }

    /// The channel as what an SSH session runs over.
    private record ChannelWire(InputStream input, OutputStream output) implements Wire {
        private static final InetSocketAddress INSIDE =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

        @Override
        public InetSocketAddress remote() {
            return INSIDE;
        }

        @Override
        public void endOutput() throws IOException {
            output.flush();
        }

        @Override
        public void close() {
            for (AutoCloseable stream : new AutoCloseable[] {input, output}) {
                try {
                    stream.close();
                } catch (Exception e) {
                    // It is over.
                }
            }
        }
    }
}
