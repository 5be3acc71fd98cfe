package dev.culvert.gateway;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The line `gateway --version` prints. The number comes from the jar's manifest.
///
/// Immutable.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        var number = Version.class.getPackage().getImplementationVersion();
        return new String[] {"gateway " + Objects.requireNonNullElse(number, "(not packaged)")};
    }
}
