/** Tables: rows, columns, sorting, filtering and selection. */
@NullMarked
package org.outguard.tui.table;

import org.jspecify.annotations.NullMarked;
