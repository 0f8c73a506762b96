/**
 * What must not be cut off, and objections to a step that would.
 */
@NullMarked
package org.outguard.guard.safety;

import org.jspecify.annotations.NullMarked;
