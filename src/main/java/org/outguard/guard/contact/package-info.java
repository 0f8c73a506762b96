/**
 * What talkers turn to and exchange with single destinations, in bounded memory. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.contact;

import org.jspecify.annotations.NullMarked;
