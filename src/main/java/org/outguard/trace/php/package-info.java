/** Says what of PHP code is what intruders write, and why. */
@NullMarked
package org.outguard.trace.php;

import org.jspecify.annotations.NullMarked;
