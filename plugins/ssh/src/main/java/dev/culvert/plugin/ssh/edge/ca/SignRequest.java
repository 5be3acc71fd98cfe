package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshPublicKey;

/// What `ssh-gen` posts: `{"public_key","jwt","issuer"}`. The issuer is the token's own claim and not believed.
///
/// Immutable.
///
/// @param token of the application, secret
record SignRequest(SshPublicKey key, String token) {
    /// An RSA key of 16384 bits and a token of 4 KiB leave room.
    static final int MAX_LENGTH = 16 * 1024;

    private static final int MAX_TOKEN = 8 * 1024;

    static SignRequest parse(String body) throws ProtocolException {
        FlatObject fields = FlatObject.parse("body", body, MAX_LENGTH);
        String token = fields.requiredText("jwt");
        if (token.length() > MAX_TOKEN) {
            throw ProtocolException.of(
                    "jwt", token.length() + " characters", "at most " + MAX_TOKEN);
        }
        return new SignRequest(SshPublicKey.ofLine(fields.requiredText("public_key")), token);
    }

    /// Without the token.
    @Override
    public String toString() {
        return "SignRequest[" + key.fingerprint() + "]";
    }
}
