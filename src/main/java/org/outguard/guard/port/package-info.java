/**
 * What the guard asks of its surroundings. Answers come back as observations.
 */
@NullMarked
package org.outguard.guard.port;

import org.jspecify.annotations.NullMarked;
