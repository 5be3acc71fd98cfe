/// HTTP services: proxied ones, fixed answers and the built-in page.
@NullMarked
package dev.culvert.plugin.http;

import org.jspecify.annotations.NullMarked;
