/**
 * Compares the counts of both eyes. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.reconcile;

import org.jspecify.annotations.NullMarked;
