/// Real hosts for the tests of remote desktops: RDP, VNC, telnet and guacd, each on a free port of loopback.
///
/// They need Debian 12 and root, as they serve people who sign in, and fail loudly elsewhere. `bin/test` installs what they
/// are made of; what Debian 12 does not have is unpacked once into `${XDG_CACHE_HOME:-~/.cache}/culvert`.
@NullMarked
package dev.culvert.plugin.testkit.hosts;

import org.jspecify.annotations.NullMarked;
