package dev.culvert.completion;

import java.util.Iterator;
import java.util.List;

/// Marks an option or parameter whose value is a host of a service: the script looks them up when it completes, by the
/// names of the files in which `access` keeps what it knows of hosts.
///
/// Immutable. Made by picocli.
public final class KnownHosts implements Iterable<String> {
    /// Stands for them until the script is written.
    static final String MARK = "@known-hosts@";

    @Override
    public Iterator<String> iterator() {
        return List.of(MARK).iterator();
    }

    static boolean isMeant(Iterable<String> candidates) {
        return candidates instanceof KnownHosts;
    }
}
