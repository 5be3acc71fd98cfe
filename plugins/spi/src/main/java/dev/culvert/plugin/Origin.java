package dev.culvert.plugin;

import java.io.IOException;

/// A configured service. What the connector does with it depends on its kind: [ByteOrigin] is dialled
/// and its bytes are pumped, [ProxiedHttpOrigin] is dialled and spoken HTTP to, [ServedHttpOrigin]
/// answers in this process, [ClientChosenOrigin] is dialled where the client says and the rules permit.
public sealed interface Origin extends AutoCloseable
        permits ByteOrigin, ProxiedHttpOrigin, ServedHttpOrigin, ClientChosenOrigin {

    /// Called once before the first stream. Blocking: virtual threads only.
    default void start() throws IOException {}

    /// Called once after the last stream, also when `start` failed. Idempotent.
    @Override
    default void close() {}
}
