/// Who people and machines are: users, sessions, service tokens, credentials.
@NullMarked
package dev.culvert.edge.identity;

import org.jspecify.annotations.NullMarked;
