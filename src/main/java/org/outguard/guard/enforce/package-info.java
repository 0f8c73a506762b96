/**
 * Actions under way and in force, and rules that start them. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.enforce;

import org.jspecify.annotations.NullMarked;
