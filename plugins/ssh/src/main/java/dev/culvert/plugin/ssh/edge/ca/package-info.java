/// The certificate authority: keys that hosts trust for users, and users for hosts. See `docs/ssh.md`, *Certificates*.
@NullMarked
package dev.culvert.plugin.ssh.edge.ca;

import org.jspecify.annotations.NullMarked;
