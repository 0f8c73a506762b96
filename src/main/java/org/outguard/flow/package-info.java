/**
 * What leaves the machine, in numbers: this package may import java.* only.
 *
 * <p>A <em>flow</em> is the outbound traffic of one 5-tuple. Capture counts frames into a {@link
 * org.outguard.flow.FlowTable} without allocating, and hands the guard one {@link
 * org.outguard.flow.FlowBatch} a tick.
 */
@NullMarked
package org.outguard.flow;

import org.jspecify.annotations.NullMarked;
