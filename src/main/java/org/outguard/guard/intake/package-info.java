/**
 * Observations that wait for the next tick, bounded by weight. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.intake;

import org.jspecify.annotations.NullMarked;
