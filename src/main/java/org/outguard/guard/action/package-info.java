/**
 * What can be done and what became of it: steps, actions, outcomes, and the commands that ask for them.
 */
@NullMarked
package org.outguard.guard.action;

import org.jspecify.annotations.NullMarked;
