/// How the connector finds edges and reaches them: names, SRV records, proxies.
@NullMarked
package dev.culvert.connector.dial;

import org.jspecify.annotations.NullMarked;
