/**
 * Files that say how to judge: this package may import guard and flow.
 *
 * <p>A file that cannot be read whole is not read in part: its errors are named and no policy comes of it.
 */
@NullMarked
package org.outguard.config;

import org.jspecify.annotations.NullMarked;
