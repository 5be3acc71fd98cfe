package dev.culvert.access;

/// The version of this program, from its jar's manifest.
final class Version {
    static final String TEXT = read();

    private Version() {}

    private static String read() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
