package dev.culvert.gateway.e2e;

import java.nio.file.Path;

/// The shipped tree, as Maven just made it.
final class Shipped {
    static final Path TREE = Path.of("target/culvert").toAbsolutePath();
    static final Path GATEWAY = TREE.resolve("bin/gateway");
    static final Path ACCESS = TREE.resolve("bin/access");

    private Shipped() {}
}
