/** Evidence packets, written as pcapng. */
@NullMarked
package org.outguard.headless.evidence;

import org.jspecify.annotations.NullMarked;
