/** The terminal itself: what is read from it, and frames written to it no faster than the line takes them. */
@NullMarked
package org.outguard.tui.terminal;

import org.jspecify.annotations.NullMarked;
