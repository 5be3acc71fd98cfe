/// Time and allocation of decisions, measured by JMH.
@NullMarked
package dev.culvert.bench.policy;

import org.jspecify.annotations.NullMarked;
