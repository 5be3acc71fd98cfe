/// Who may come in: applications, policies, groups, and the decision. Pure: no clock, sockets, threads
/// or files; the moment and the caller are arguments.
@NullMarked
package dev.culvert.policy;

import org.jspecify.annotations.NullMarked;
