package dev.culvert.gateway;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The version, from the jar's manifest. Immutable.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"gateway " + text()};
    }

    /// The number alone.
    static String text() {
        var number = Version.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(number, "(not packaged)");
    }
}
