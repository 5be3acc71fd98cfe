package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntry;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.config.keys.ClientIdentityLoader;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/// SSHD's client over wires. It reads no configuration and no keys of the account that the edge runs as, and
/// accepts no host's key until [#setServerKeyVerifier] says which.
///
/// To be started and closed. Thread-safe after that.
public final class StreamClient extends SshClient {
    public StreamClient(ScheduledExecutorService timer) {
        setScheduledExecutorService(timer);
        Defaults.set(this);
        setKeyExchangeFactories(Algorithms.keyExchanges(ClientBuilder.DH2KEX));
        setKexExtensionHandler(ClientBuilder.DEFAULT_KEX_EXTENSION_HANDLER);
        setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE));
        setChannelFactories(List.of());
        setServerKeyVerifier((_, _, _) -> false);
        setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        setClientIdentityLoader(ClientIdentityLoader.DEFAULT);
        setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        setFilePasswordProvider(FilePasswordProvider.EMPTY);
    }

    /// Begins a session. The wire is the session's from now on: it closes it.
    ///
    /// @param context what the session's `getConnectionContext` has
    public ConnectFuture connect(String login, Wire wire, Map<AttributeKey<?>, ?> context)
            throws IOException {
        Map<AttributeKey<?>, Object> attributes = new HashMap<>(context);
        attributes.put(StreamConnector.WIRE, wire);
        // Not by a host's name, which SSHD would look up.
        return doConnect(
                login,
                wire.remote(),
                AttributeRepository.ofAttributesMap(attributes),
                null,
                KeyIdentityProvider.EMPTY_KEYS_PROVIDER,
                new HostConfigEntry());
    }
}
