/**
 * Blocks as timed elements of nftables sets: this package may import flow, owner, guard and exec.
 *
 * <p>There are two tables, {@code inet outguard} and {@code netdev outguard}. An element carries its own time, so the
 * kernel forgets a block even if nobody is left to take it out. A third one, {@code inet outguard_accounting_…}, only counts.
 * Nothing outside them is touched.
 */
@NullMarked
package org.outguard.nft;

import org.jspecify.annotations.NullMarked;
