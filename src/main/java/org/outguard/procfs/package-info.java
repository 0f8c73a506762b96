/**
 * What /proc says of processes: this package may import owner and guard.
 *
 * <p>A process may end, or be another with the same number, between any two reads, and whoever started it chose most of
 * the text: each reader here copes with both.
 */
@NullMarked
package org.outguard.procfs;

import org.jspecify.annotations.NullMarked;
