/**
 * Limits, rules, and the verdicts that they lead to.
 */
@NullMarked
package org.outguard.guard.policy;

import org.jspecify.annotations.NullMarked;
