/// The connector's configuration: command line, environment and `config.yml`, in this order.
@NullMarked
package dev.culvert.connector.config;

import org.jspecify.annotations.NullMarked;
