/// Services of plain bytes: `tcp://` and `smb://`.
@NullMarked
package dev.culvert.plugin.tcp;

import org.jspecify.annotations.NullMarked;
