/**
 * What was done, append-only and safe from crashes: this package may import guard.
 *
 * <p>An action is written, and is on the disk, before it is run; so whatever stands in the kernel after a crash can be
 * found here and undone.
 */
@NullMarked
package org.outguard.journal;

import org.jspecify.annotations.NullMarked;
