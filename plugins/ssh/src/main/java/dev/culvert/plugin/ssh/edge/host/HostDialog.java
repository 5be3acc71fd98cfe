package dev.culvert.plugin.ssh.edge.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a host and the edge ask the user while they sign in. Called by one thread at a time, which waits for
/// the answer; an implementation ends its waits when nobody can answer any more.
public interface HostDialog {
    /// The host has shown the right key: the user is asked from here on.
    default void authenticating() {}

    /// A host that was never seen shows a key.
    ///
    /// @return whether it is to be trusted from now on
    boolean trust(ShownKey key) throws InterruptedException;

    /// The host shows another key than before; it is refused whatever the user says.
    default void changed(ShownKey key) {}

    /// Asks for answers.
    ///
    /// @return one for each prompt; null to give up
    @Nullable List<String> ask(Question question) throws InterruptedException;

    /// Words of the host before anybody is signed in. Not to be trusted.
    default void banner(String text) {}

    /// A key, as people compare them.
    ///
    /// @param algorithm such as `ssh-ed25519`
    /// @param fingerprint such as `SHA256:…`
    record ShownKey(String algorithm, String fingerprint) {}

    /// Texts are the host's. Immutable.
    record Question(String name, String instruction, List<Prompt> prompts) {
        public Question {
            prompts = List.copyOf(prompts);
        }
    }

    /// @param echo whether the answer may be seen while it is typed
    record Prompt(String text, boolean echo) {}
}
