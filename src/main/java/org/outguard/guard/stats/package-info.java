/**
 * Counters over windows of time, bounded in memory. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.stats;

import org.jspecify.annotations.NullMarked;
