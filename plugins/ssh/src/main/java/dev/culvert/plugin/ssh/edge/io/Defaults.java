package dev.culvert.plugin.ssh.edge.io;

import org.apache.sshd.common.file.nonefs.NoneFileSystemFactory;
import org.apache.sshd.common.forward.DefaultForwarderFactory;
import org.apache.sshd.common.helpers.AbstractFactoryManager;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.DefaultUnknownChannelReferenceHandler;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/// What clients and servers have in common: wires, algorithms, no files of the edge's machine, no forwarding.
final class Defaults {
    private Defaults() {}

    static void set(AbstractFactoryManager manager) {
        KeyExchangeThreads.makeVirtual();
        manager.setIoServiceFactoryFactory(new StreamServices());
        manager.setChannelStreamWriterResolver((channel, _) -> new PacedWriter(channel));
        Algorithms.set(manager);
        manager.setRandomFactory(new SingletonRandomFactory(SecurityUtils.getRandomFactory()));
        manager.setFileSystemFactory(NoneFileSystemFactory.INSTANCE);
        manager.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        manager.setForwarderFactory(DefaultForwarderFactory.INSTANCE);
        manager.setUnknownChannelReferenceHandler(DefaultUnknownChannelReferenceHandler.INSTANCE);
        manager.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionEvent(Session session, Event event) {
                        if (event == Event.Authenticated
                                && session.getIoSession() instanceof StreamSession known) {
                            known.queue().known();
                        }
                    }
                });
    }
}
