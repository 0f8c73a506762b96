/**
 * Blocks as timed elements of nftables sets: this room may import flow, owner, guard and exec.
 *
 * <p>There are two tables, {@code inet outguard} and {@code netdev outguard}, and nothing outside them is touched. An
 * element carries its own time, so
 * the kernel forgets a block even if nobody is left to take it out.
 */
@NullMarked
package org.outguard.nft;

import org.jspecify.annotations.NullMarked;
