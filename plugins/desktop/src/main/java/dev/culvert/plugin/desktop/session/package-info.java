/// What a desktop session is to both engines.
@NullMarked
package dev.culvert.plugin.desktop.session;

import org.jspecify.annotations.NullMarked;
