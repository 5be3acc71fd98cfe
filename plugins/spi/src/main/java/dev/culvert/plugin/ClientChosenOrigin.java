package dev.culvert.plugin;

/// A service of plain bytes whose address the client names, stream by stream. The connector resolves
/// the name, checks the address by `ipRules` and its own guards, dials the checked address and pumps.
/// Immutable.
public record ClientChosenOrigin(Naming naming, DialSettings dialling) implements Origin {
    /// How a client says where it wants to go.
    public enum Naming {
        /// The request header `Cf-Access-Jump-Destination`. Without rules everything that is not guarded
        /// is allowed.
        HEADER,
        /// A SOCKS5 request at the beginning of the stream. Without rules nothing is allowed.
        SOCKS5
    }
}
