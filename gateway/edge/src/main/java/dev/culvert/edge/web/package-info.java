/// What the handlers of the edge's own pages read and write of HTTP: forms and cookies.
@NullMarked
package dev.culvert.edge.web;

import org.jspecify.annotations.NullMarked;
