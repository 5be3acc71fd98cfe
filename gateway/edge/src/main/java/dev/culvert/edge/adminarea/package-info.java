/// The admin area: pages on the auth host that show and change who may come in.
@NullMarked
package dev.culvert.edge.adminarea;

import org.jspecify.annotations.NullMarked;
