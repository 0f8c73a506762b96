/**
 * What the guard is told: counts, mail, owners, processes, and results of actions.
 */
@NullMarked
package org.outguard.guard.observation;

import org.jspecify.annotations.NullMarked;
