/** What can be done about the selected row, as a dialog shows it before it is done. */
@NullMarked
package org.outguard.tui.dialog;

import org.jspecify.annotations.NullMarked;
