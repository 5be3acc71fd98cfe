/// What the consoles of both programs are made of: a prompt with completion and history, lines above it, a status line,
/// tables that redraw in place. The only package that knows JLine.
@NullMarked
package dev.culvert.terminal;

import org.jspecify.annotations.NullMarked;
