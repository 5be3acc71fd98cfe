/// Which service a request goes to: compiled ingress rules and the plugins behind them.
@NullMarked
package dev.culvert.connector.ingress;

import org.jspecify.annotations.NullMarked;
