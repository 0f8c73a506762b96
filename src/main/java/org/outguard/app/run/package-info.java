/** A running guard with its threads. */
@NullMarked
package org.outguard.app.run;

import org.jspecify.annotations.NullMarked;
