/**
 * The thinking part: this package may import flow, owner and mail.
 *
 * <p>{@link org.outguard.guard.Guard} takes observations and commands, is told the time, and publishes one immutable
 * {@link org.outguard.guard.snapshot.Snapshot} a tick. It runs on one thread and touches neither clock nor operating system; what
 * it needs from outside it asks of the ports {@link org.outguard.guard.port.OwnerFinder} and {@link
 * org.outguard.guard.port.Enforcer}, whose answers come back as observations.
 */
@NullMarked
package org.outguard.guard;

import org.jspecify.annotations.NullMarked;
