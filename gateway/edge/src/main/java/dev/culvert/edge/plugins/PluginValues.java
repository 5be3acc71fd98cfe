package dev.culvert.edge.plugins;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.SecretSeal;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.PluginStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// One plugin's values in the edge's state. Thread-safe. Blocking.
public final class PluginValues implements PluginStore {
    private static final int MAX_VALUE = 64 * 1024;

    private final Database database;
    private final SecretSeal seal;
    private final String plugin;
    private final InstantSource clock;

    public PluginValues(Database database, SecretSeal seal, String plugin, InstantSource clock) {
        this.database = database;
        this.seal = seal;
        this.plugin = plugin;
        this.clock = clock;
    }

    private <T> T transaction(Database.Work<T> work) throws IOException {
        try {
            return database.transaction(work);
        } catch (StateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Optional<byte[]> get(String kind, String key) throws IOException {
        return transaction(c ->
                PluginTable.get(c, seal, plugin, kind, key).stream()
                        .findFirst()
                        .map(PluginTable.Row::value));
    }

    @Override
    public List<Value> all(String kind) throws IOException {
        return transaction(c ->
                PluginTable.all(c, seal, plugin, kind).stream()
                        .map(row -> new Value(row.name(), row.value()))
                        .toList());
    }

    @Override
    public void put(String kind, String key, byte[] value, boolean sealed) throws IOException {
        check(value);
        transaction(c -> {
            PluginTable.put(c, seal, plugin, kind, key, value, sealed, clock.instant());
            return true;
        });
    }

    @Override
    public byte[] putIfAbsent(String kind, String key, byte[] value, boolean sealed)
            throws IOException {
        check(value);
        return transaction(c -> {
            List<PluginTable.Row> there = PluginTable.get(c, seal, plugin, kind, key);
            if (!there.isEmpty()) {
                return there.getFirst().value();
            }
            PluginTable.put(c, seal, plugin, kind, key, value, sealed, clock.instant());
            return value;
        });
    }

    private static void check(byte[] value) {
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException(
                    "value: " + value.length + " bytes (expected: at most " + MAX_VALUE + ")");
        }
    }

    @Override
    public boolean remove(String kind, String key) throws IOException {
        return transaction(c -> PluginTable.delete(c, plugin, kind, key));
    }
}
