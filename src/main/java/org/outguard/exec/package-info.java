/**
 * The only place that starts a program: this package may import java.* only.
 *
 * <p>A program gets a list of arguments, never a line for a shell, and an environment that says nothing about ours.
 */
@NullMarked
package org.outguard.exec;

import org.jspecify.annotations.NullMarked;
