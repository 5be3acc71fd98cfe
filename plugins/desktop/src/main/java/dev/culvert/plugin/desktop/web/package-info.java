/// What browsers get of remote desktops: the page, the frame of the built-in engine, the page of who watches. Their
/// scripts and styles are resources, see `docs/desktops.md`.
@NullMarked
package dev.culvert.plugin.desktop.web;

import org.jspecify.annotations.NullMarked;
