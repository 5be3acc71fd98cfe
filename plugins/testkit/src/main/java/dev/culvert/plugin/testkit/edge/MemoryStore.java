package dev.culvert.plugin.testkit.edge;

import dev.culvert.plugin.edge.PluginStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a plugin keeps, in memory. Thread-safe.
public final class MemoryStore implements PluginStore {
    private final Map<String, TreeMap<String, byte[]>> values = new HashMap<>();
    private final Set<String> sealed = new TreeSet<>();
    private boolean broken;

    /// From now on every method fails.
    public synchronized void breakDown() {
        broken = true;
    }

    /// Whether all that was put was to be encrypted.
    public synchronized boolean isAllSealed() {
        return values.values().stream().mapToInt(Map::size).sum() == sealed.size();
    }

    private TreeMap<String, byte[]> of(String kind) throws IOException {
        if (broken) {
            throw new IOException("the disk is gone");
        }
        return values.computeIfAbsent(kind, _ -> new TreeMap<>());
    }

    @Override
    public synchronized Optional<byte[]> get(String kind, String key) throws IOException {
        return Optional.ofNullable(of(kind).get(key));
    }

    @Override
    public synchronized List<Value> all(String kind) throws IOException {
        return of(kind).entrySet().stream()
                .map(one -> new Value(one.getKey(), one.getValue()))
                .toList();
    }

    @Override
    public synchronized void put(String kind, String key, byte[] value, boolean secret)
            throws IOException {
        of(kind).put(key, value.clone());
        if (secret) {
            sealed.add(kind + "/" + key);
        }
    }

    @Override
    public synchronized byte[] putIfAbsent(String kind, String key, byte[] value, boolean secret)
            throws IOException {
        byte[] there = of(kind).get(key);
        if (there != null) {
            return there.clone();
        }
        put(kind, key, value, secret);
        return value.clone();
    }

    @Override
    public synchronized boolean remove(String kind, String key) throws IOException {
        return of(kind).remove(key) != null;
    }
}
