/**
 * Judges talkers: each kind of offence has its judge. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.detect;

import org.jspecify.annotations.NullMarked;
