/// Hosts of desktops before and below a session: whether there is one, what it speaks, which certificate it shows.
@NullMarked
package dev.culvert.plugin.desktop.host;

import org.jspecify.annotations.NullMarked;
