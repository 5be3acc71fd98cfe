/// Plugins as the shipped connector loads them.
package dev.culvert.gateway.plugins;
