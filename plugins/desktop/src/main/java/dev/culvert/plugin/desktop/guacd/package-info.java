/// Sessions through Apache Guacamole's guacd: RDP, VNC and telnet. See `docs/desktops.md`.
@NullMarked
package dev.culvert.plugin.desktop.guacd;

import org.jspecify.annotations.NullMarked;
