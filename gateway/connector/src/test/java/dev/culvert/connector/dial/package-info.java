@org.jspecify.annotations.NullMarked
package dev.culvert.connector.dial;
