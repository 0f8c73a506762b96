/**
 * What programs and log files get: this package may import flow, owner, mail, guard and text.
 *
 * <p>It draws from the {@link org.outguard.guard.snapshot.Snapshot} and from nothing else, asks no clock, and writes only to what
 * it is handed. All text from outside passes {@link org.outguard.text.SafeText} on its way.
 */
@NullMarked
package org.outguard.headless;

import org.jspecify.annotations.NullMarked;
