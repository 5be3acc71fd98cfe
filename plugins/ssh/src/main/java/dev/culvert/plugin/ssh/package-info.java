/// SSH services: `ssh://`. The connector's half: bytes pass when both sides name SSH 2.
@NullMarked
package dev.culvert.plugin.ssh;

import org.jspecify.annotations.NullMarked;
