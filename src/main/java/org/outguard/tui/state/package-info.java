/** What the screen remembers between two frames. */
@NullMarked
package org.outguard.tui.state;

import org.jspecify.annotations.NullMarked;
