package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.throttle.DefaultChannelStreamWriter;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;

/// Sends a channel's data when there is room in the session's [OutgoingQueue]: a peer may promise a window of
/// 4 GiB and read nothing, and what would wait for it is the edge's memory.
///
/// SSHD's own threads never wait: they send asynchronously, one packet a channel at a time.
final class PacedWriter extends DefaultChannelStreamWriter {
    PacedWriter(Channel channel) {
        super(channel);
    }

    @Override
    public IoWriteFuture writeData(Buffer buffer) throws IOException {
        if (!ThreadUtils.isInternalThread()
                && channel.getSession().getIoSession() instanceof StreamSession session) {
            try {
                session.queue().awaitRoom();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the peer reads nothing");
            }
        }
        return super.writeData(buffer);
    }
}
