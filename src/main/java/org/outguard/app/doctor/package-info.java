/**
 * What of a machine's set-up lets abuse happen, hides it or keeps it going: part of app, since it looks at everything.
 *
 * <p>Each check reads files below a root, or asks a program that changes nothing, and says what it found with the exact
 * command that mends it.
 */
@NullMarked
package org.outguard.app.doctor;

import org.jspecify.annotations.NullMarked;
