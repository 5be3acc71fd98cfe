/// SSHD on blocking streams: it opens no socket, and its threads are virtual.
@NullMarked
package dev.culvert.plugin.ssh.edge.io;

import org.jspecify.annotations.NullMarked;
