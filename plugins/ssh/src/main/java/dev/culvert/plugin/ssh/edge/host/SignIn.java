package dev.culvert.plugin.ssh.edge.host;

import java.util.Arrays;
import org.apache.sshd.agent.SshAgent;

/// How a user signs in at a host. When the host asks for more after the first proof, it asks the user.
public sealed interface SignIn {
    /// With a certificate of our authority for the login name.
    record Certificate() implements SignIn {}

    /// The host asks: keyboard-interactive, or for a password.
    record Password() implements SignIn {}

    /// With a private key that the user hands over: used once, kept nowhere.
    ///
    /// @param text a file of OpenSSH or PEM; overwritten when it was read
    /// @param passphrase of the file, empty for none
    record PastedKey(byte[] text, String passphrase) implements SignIn {
        void wipe() {
            Arrays.fill(text, (byte) 0);
        }

        /// Without the secrets.
        @Override
        public String toString() {
            return "PastedKey[]";
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// With the keys in the user's agent.
    record Agent(SshAgent agent) implements SignIn {}
}
