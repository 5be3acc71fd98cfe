package dev.culvert.plugin.ssh.edge.io;

import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.jspecify.annotations.Nullable;

/// What SSHD asks for its connections: [Wire]s instead of sockets.
///
/// SSHD's own port forwarding asks here too, so that neither `-L` nor `-R` can open a socket of the edge by
/// accident: connecting without a wire and listening are refused.
final class StreamServices implements IoServiceFactoryFactory {
    @Override
    public IoServiceFactory create(FactoryManager manager) {
        return new Services();
    }

    /// Without effect: there is no pool of threads.
    @Override
    public void setExecutorServiceFactory(Factory<CloseableExecutorService> executors) {}

    static void refuseListener(@Nullable IoServiceEventListener listener) {
        if (listener != null) {
            throw new UnsupportedOperationException("there are no events of sockets");
        }
    }

    private static final class Services extends AbstractCloseable implements IoServiceFactory {
        @Override
        public IoConnector createConnector(IoHandler handler) {
            return new StreamConnector(handler);
        }

        @Override
        public IoAcceptor createAcceptor(IoHandler handler) {
            return new StreamAcceptor(handler, false);
        }

        @Override
        public @Nullable IoServiceEventListener getIoServiceEventListener() {
            return null;
        }

        @Override
        public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
            refuseListener(listener);
        }
    }
}
