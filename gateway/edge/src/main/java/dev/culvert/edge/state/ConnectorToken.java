package dev.culvert.edge.state;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/// The text a connector registers with, as cloudflared reads it: base64 of
/// `{"a":account tag,"s":base64 secret,"t":tunnel id}`.
final class ConnectorToken {
    private ConnectorToken() {}

    static String of(String accountTag, UUID tunnel, byte[] secret) {
        String json =
                "{\"a\":\""
                        + accountTag
                        + "\",\"s\":\""
                        + Base64.getEncoder().encodeToString(secret)
                        + "\",\"t\":\""
                        + tunnel
                        + "\"}";
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
