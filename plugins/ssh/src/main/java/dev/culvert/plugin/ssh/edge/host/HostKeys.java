package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.ssh.edge.host.HostDialog.ShownKey;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/// Which keys hosts may show.
///
/// In this order: a certificate of our own authority or one of `ssh.host_authorities` (SSHD has checked that it
/// is one for a host, of this name and this moment, and its signature; of another it keeps the key alone); then, when `ssh.host_keys` lists
/// anything, a key of that list and no other; then, when `ssh.host_authorities` does, nothing; then the key
/// that is kept for the host; and the first one is shown to the user and kept. A key that differs from the kept
/// one is refused, and nobody is asked.
///
/// Thread-safe. Blocking.
public final class HostKeys {
    /// Of the kept keys, by host.
    public static final String KIND = "host-key";

    private final EdgeServices services;
    private final PluginStore store;
    private final Authorities own;

    /// Public keys of our authority that sign hosts' certificates.
    @FunctionalInterface
    public interface Authorities {
        List<SshPublicKey> keys() throws IOException;
    }

    public HostKeys(EdgeServices services, Authorities own) {
        this.services = services;
        this.store = services.store();
        this.own = own;
    }

    /// Types of the keys that are expected, which are to be asked for first: a host that has several would
    /// otherwise show another one.
    List<String> expectedTypes(Admitted admitted) throws IOException {
        List<String> types = new ArrayList<>();
        for (String pinned : admitted.ssh().settings().hostKeys()) {
            if (!pinned.startsWith("SHA256:")) {
                types.add(pinned.split(" ", 2)[0]);
            }
        }
        if (types.isEmpty()) {
            kept(admitted.host()).ifPresent(line -> types.add(line.split(" ", 2)[0]));
        }
        return types;
    }

    /// @throws RefusedException when the host must not be spoken with
    void check(Admitted admitted, PublicKey shown, HostDialog dialog)
            throws IOException, InterruptedException {
        SshSettings settings = admitted.ssh().settings();
        PublicKey key = shown;
        if (shown instanceof OpenSshCertificate certificate) {
            if (isAuthority(settings, certificate.getCaPubKey())) {
                return;
            }
            key = certificate.getCertPubKey();
        }
        if (!settings.hostKeys().isEmpty()) {
            checkPinned(admitted, key);
        } else if (!settings.hostAuthorities().isEmpty()) {
            throw new RefusedException(
                    "host_certificate_missing",
                    admitted.host()
                            + " shows no certificate for this name and moment of an authority that its application"
                            + " names; its key is "
                            + fingerprint(key)
                            + ".",
                    "Give the host a certificate (HostCertificate in sshd_config), or list its key in ssh.host_keys.");
        } else {
            checkKept(admitted, key, dialog);
        }
    }

    private boolean isAuthority(SshSettings settings, PublicKey authority) throws IOException {
        for (SshPublicKey key : own.keys()) {
            if (is(key.line(), authority)) {
                return true;
            }
        }
        return settings.hostAuthorities().stream().anyMatch(listed -> is(listed, authority));
    }

    private static void checkPinned(Admitted admitted, PublicKey key) throws RefusedException {
        if (admitted.ssh().settings().hostKeys().stream().noneMatch(listed -> is(listed, key))) {
            throw new RefusedException(
                    "host_key_unknown",
                    admitted.host()
                            + " shows the key "
                            + fingerprint(key)
                            + ", which is not one of its application's ssh.host_keys.",
                    "Compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub); add it to"
                            + " ssh.host_keys only when they are the same.");
        }
    }

    /// @param listed a fingerprint, or a line of a public key
    private static boolean is(String listed, PublicKey key) {
        if (listed.startsWith("SHA256:")) {
            return listed.equals(fingerprint(key));
        }
        String[] words = listed.trim().split("\\s+", 3);
        String[] own = line(key).split(" ", 2);
        return words.length >= 2 && words[0].equals(own[0]) && words[1].equals(own[1]);
    }

    private void checkKept(Admitted admitted, PublicKey key, HostDialog dialog)
            throws IOException, InterruptedException {
        ShownKey shown = new ShownKey(KeyUtils.getKeyType(key), fingerprint(key));
        Optional<String> kept = kept(admitted.host());
        if (kept.isEmpty()) {
            if (!dialog.trust(shown)) {
                throw new RefusedException(
                        "host_key_refused",
                        "The key of " + admitted.host() + " was not trusted.",
                        "Compare " + fingerprint(key) + " with the host's own, and connect again.");
            }
            byte[] winner =
                    store.putIfAbsent(KIND, nameOf(admitted.host()), bytes(line(key)), false);
            kept = Optional.of(text(winner));
            services.audit(
                    AuditNote.of(
                            admitted,
                            "changed",
                            "host_key",
                            "trusted",
                            "fingerprint",
                            shown.fingerprint()));
        }
        if (!kept.get().equals(line(key))) {
            dialog.changed(shown);
            throw new RefusedException(
                    "host_key_changed",
                    admitted.host()
                            + " shows another key than before: "
                            + fingerprint(key)
                            + ". Somebody may have put themselves between, or the host was made anew.",
                    "The edge's owner compares it with the host's own, and forgets the old one when it is right:"
                            + " gateway ssh forget-host "
                            + admitted.host());
        }
    }

    private Optional<String> kept(String host) throws IOException {
        return store.get(KIND, nameOf(host)).map(HostKeys::text);
    }

    private static String nameOf(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Type and base64, without a comment.
    private static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    static String fingerprint(PublicKey key) {
        return KeyUtils.getFingerPrint(key);
    }
}
