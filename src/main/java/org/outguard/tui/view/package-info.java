/** Views of a snapshot: offenders, mail, flows, actions and the log. */
@NullMarked
package org.outguard.tui.view;

import org.jspecify.annotations.NullMarked;
