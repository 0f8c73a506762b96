/**
 * Talkers: who sends what, and how it is judged. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.traffic;

import org.jspecify.annotations.NullMarked;
