/**
 * The console: this package may import text, flow, owner, mail and guard, and is the only one that knows JLine's reader.
 *
 * <p>The commands are picocli's and are handed in: what can be typed here is what can be typed at a shell, in the same
 * words. What is added is completion, history, pages, and a command that is run again and again.
 */
@NullMarked
package org.outguard.console;

import org.jspecify.annotations.NullMarked;
