/** Carries out steps, and finds after a crash what was carried out. */
@NullMarked
package org.outguard.app.enforce;

import org.jspecify.annotations.NullMarked;
