/// The page with the terminal, and its files.
@NullMarked
package dev.culvert.plugin.ssh.edge.web;

import org.jspecify.annotations.NullMarked;
