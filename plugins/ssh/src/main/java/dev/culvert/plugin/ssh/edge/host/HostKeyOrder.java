package dev.culvert.plugin.ssh.edge.host;

import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;

/// Asks a host for the key that is expected of it, as OpenSSH's client does. Certificates stay before keys.
final class HostKeyOrder {
    private HostKeyOrder() {}

    /// @param types of keys, such as `ssh-rsa`
    static List<NamedFactory<Signature>> first(
            List<String> types, List<NamedFactory<Signature>> all) {
        List<NamedFactory<Signature>> ordered = new ArrayList<>();
        all.stream().filter(HostKeyOrder::isCertificate).forEach(ordered::add);
        all.stream()
                .filter(each -> !isCertificate(each) && isOf(types, each))
                .forEach(ordered::add);
        all.stream().filter(each -> !ordered.contains(each)).forEach(ordered::add);
        return ordered;
    }

    private static boolean isCertificate(NamedFactory<Signature> factory) {
        return KeyUtils.isCertificateAlgorithm(factory.getName());
    }

    private static boolean isOf(List<String> types, NamedFactory<Signature> factory) {
        return types.contains(KeyUtils.getCanonicalKeyType(factory.getName()));
    }
}
