/// The commands that manage tunnels and routes: `gateway tunnel …` and `gateway route …`.
@NullMarked
package dev.culvert.edge.command;

import org.jspecify.annotations.NullMarked;
