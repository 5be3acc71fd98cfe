/// The built-in engine: RDCleanPath with IronRDP in the browser, and policy on the packets that it sends.
@NullMarked
package dev.culvert.plugin.desktop.builtin;

import org.jspecify.annotations.NullMarked;
