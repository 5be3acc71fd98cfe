package dev.culvert.connector.dial;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// Looks names up. Blocking: virtual threads only; each call is bounded in time.
public interface NameService {
    int MAX_TARGETS = 64;
    int MAX_ADDRESSES = 16;

    /// The SRV records of a name, at most [#MAX_TARGETS].
    ///
    /// @throws IOException when there are none, or no name server answers
    List<EdgeTarget> services(String name) throws IOException;

    /// The addresses of a host in the order of preference, at least one and at most [#MAX_ADDRESSES].
    ///
    /// @throws IOException when there are none, or no name server answers
    List<InetAddress> addresses(String host) throws IOException;
}
