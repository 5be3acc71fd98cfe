package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.PluginStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// A plugin's values while a test runs.
public final class MemoryStore implements PluginStore {
    private final Map<String, byte[]> values = new ConcurrentSkipListMap<>();

    private static String name(String kind, String key) {
        return kind + "/" + key;
    }

    @Override
    public Optional<byte[]> get(String kind, String key) {
        return Optional.ofNullable(values.get(name(kind, key)));
    }

    @Override
    public List<Value> all(String kind) {
        String prefix = kind + "/";
        return values.entrySet().stream()
                .filter(each -> each.getKey().startsWith(prefix))
                .map(each -> new Value(each.getKey().substring(prefix.length()), each.getValue()))
                .toList();
    }

    @Override
    public void put(String kind, String key, byte[] value, boolean sealed) {
        values.put(name(kind, key), value);
    }

    @Override
    public byte[] putIfAbsent(String kind, String key, byte[] value, boolean sealed) {
        byte[] before = values.putIfAbsent(name(kind, key), value);
        return before == null ? value : before;
    }

    @Override
    public boolean remove(String kind, String key) {
        return values.remove(name(kind, key)) != null;
    }
}
