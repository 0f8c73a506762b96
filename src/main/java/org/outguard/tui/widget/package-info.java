/** Areas of the screen: header, tabs, table, details, dialog, help and footer. */
@NullMarked
package org.outguard.tui.widget;

import org.jspecify.annotations.NullMarked;
