/** The screen of a terminal: its settings, and what it looks up in the background. */
@NullMarked
package org.outguard.app.screen;

import org.jspecify.annotations.NullMarked;
