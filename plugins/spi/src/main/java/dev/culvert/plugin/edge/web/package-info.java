/// Parts of pages that edge halves show: their files, their WebSockets, whole answers.
@NullMarked
package dev.culvert.plugin.edge.web;

import org.jspecify.annotations.NullMarked;
