/** A canvas of cells, its colours and shapes. */
@NullMarked
package org.outguard.tui.draw;

import org.jspecify.annotations.NullMarked;
