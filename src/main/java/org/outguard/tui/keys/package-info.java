/** Keys and what they are for. */
@NullMarked
package org.outguard.tui.keys;

import org.jspecify.annotations.NullMarked;
