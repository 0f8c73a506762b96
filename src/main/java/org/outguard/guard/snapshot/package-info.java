/**
 * What front ends read: one immutable snapshot a tick.
 */
@NullMarked
package org.outguard.guard.snapshot;

import org.jspecify.annotations.NullMarked;
