/** What intruders leave on a machine: one check for each kind, each with the command that mends what it finds. */
@NullMarked
package org.outguard.trace.left;

import org.jspecify.annotations.NullMarked;
