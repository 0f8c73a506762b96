/** Connects the guard to the real machine. */
@NullMarked
package org.outguard.app.wiring;

import org.jspecify.annotations.NullMarked;
