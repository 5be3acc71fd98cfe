/// What a shell needs to complete the command lines of a program, made from the commands as picocli knows them.
@NullMarked
package dev.culvert.completion;

import org.jspecify.annotations.NullMarked;
