/// RDP services: `rdp://`. The connector's half: bytes pass when both sides open as RDP does.
@NullMarked
package dev.culvert.plugin.rdp;

import org.jspecify.annotations.NullMarked;
