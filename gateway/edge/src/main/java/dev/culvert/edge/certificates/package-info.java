/// Certificates the edge serves: PEM files the user gives, else a local authority of its own.
@NullMarked
package dev.culvert.edge.certificates;

import org.jspecify.annotations.NullMarked;
