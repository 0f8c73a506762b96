/** Both eyes at work: how they are opened, and what the capture may leave out. */
@NullMarked
package org.outguard.app.counting;

import org.jspecify.annotations.NullMarked;
