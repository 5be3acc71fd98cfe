/// Remote desktops in a browser: applications of kind `rdp`, `vnc` and `telnet`. The edge's half only; see
/// `docs/desktops.md`.
@NullMarked
package dev.culvert.plugin.desktop;

import org.jspecify.annotations.NullMarked;
