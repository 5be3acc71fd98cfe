package dev.culvert.plugin.edge;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Values a plugin keeps in the edge's state: few and small ones (at most 64 KiB), such as keys of hosts.
/// Thread-safe. Blocking.
///
/// Every method throws an [IOException] when the state cannot be read or written.
public interface PluginStore {
    /// @param value opened, when it was sealed
    record Value(String key, byte[] value) {}

    Optional<byte[]> get(String kind, String key) throws IOException;

    /// All of a kind, by key.
    List<Value> all(String kind) throws IOException;

    /// Adds or replaces.
    ///
    /// @param sealed whether it is a secret: encrypted at rest
    void put(String kind, String key, byte[] value, boolean sealed) throws IOException;

    /// Adds, unless there is one.
    ///
    /// @return what is there now
    byte[] putIfAbsent(String kind, String key, byte[] value, boolean sealed) throws IOException;

    /// @return whether there was one
    boolean remove(String kind, String key) throws IOException;
}
