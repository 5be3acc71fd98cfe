package dev.culvert.plugin.ssh.edge.io;

import java.util.List;
import java.util.function.Function;
import org.apache.sshd.common.BuiltinFactory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.helpers.AbstractFactoryManager;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;

/// What the edge speaks, in the order it prefers: nothing with SHA-1, nothing with CBC, no compression. The
/// strict key exchange that answers the Terrapin attack is SSHD's, and always on.
final class Algorithms {
    private static final List<BuiltinDHFactories> KEY_EXCHANGES =
            List.of(
                    BuiltinDHFactories.mlkem768x25519,
                    BuiltinDHFactories.sntrup761x25519,
                    BuiltinDHFactories.sntrup761x25519_openssh,
                    BuiltinDHFactories.curve25519,
                    BuiltinDHFactories.curve25519_libssh,
                    BuiltinDHFactories.ecdhp256,
                    BuiltinDHFactories.ecdhp384,
                    BuiltinDHFactories.ecdhp521,
                    BuiltinDHFactories.dhg16_512,
                    BuiltinDHFactories.dhg18_512,
                    BuiltinDHFactories.dhg14_256);
    private static final List<BuiltinCiphers> CIPHERS =
            List.of(
                    BuiltinCiphers.aes128gcm,
                    BuiltinCiphers.aes256gcm,
                    BuiltinCiphers.cc20p1305_openssh,
                    BuiltinCiphers.aes128ctr,
                    BuiltinCiphers.aes192ctr,
                    BuiltinCiphers.aes256ctr);
    private static final List<BuiltinMacs> MACS =
            List.of(
                    BuiltinMacs.hmacsha256etm,
                    BuiltinMacs.hmacsha512etm,
                    BuiltinMacs.hmacsha256,
                    BuiltinMacs.hmacsha512);
    private static final List<BuiltinSignatures> SIGNATURES =
            List.of(
                    BuiltinSignatures.ed25519_cert,
                    BuiltinSignatures.nistp256_cert,
                    BuiltinSignatures.nistp384_cert,
                    BuiltinSignatures.nistp521_cert,
                    BuiltinSignatures.rsaSHA512_cert,
                    BuiltinSignatures.rsaSHA256_cert,
                    BuiltinSignatures.ed25519,
                    BuiltinSignatures.nistp256,
                    BuiltinSignatures.nistp384,
                    BuiltinSignatures.nistp521,
                    BuiltinSignatures.sk_ssh_ed25519,
                    BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                    BuiltinSignatures.rsaSHA512,
                    BuiltinSignatures.rsaSHA256);

    private Algorithms() {}

    static void set(AbstractFactoryManager manager) {
        manager.setCipherFactories(supported(CIPHERS));
        manager.setMacFactories(supported(MACS));
        manager.setSignatureFactories(supported(SIGNATURES));
        manager.setCompressionFactories(List.of(BuiltinCompressions.none));
    }

    /// @param side how a client or a server does one
    static List<KeyExchangeFactory> keyExchanges(Function<DHFactory, KeyExchangeFactory> side) {
        return KEY_EXCHANGES.stream().filter(DHFactory::isSupported).map(side).toList();
    }

    private static <T> List<NamedFactory<T>> supported(
            List<? extends BuiltinFactory<T>> factories) {
        return factories.stream()
                .filter(BuiltinFactory::isSupported)
                .<NamedFactory<T>>map(factory -> factory)
                .toList();
    }
}
