/// The connector's connections against an edge in a test's hands.
package dev.culvert.connector.link;
