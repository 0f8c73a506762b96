/** Sockets of this machine, and which of them a flow belongs to. */
@NullMarked
package org.outguard.kernel.socket;

import org.jspecify.annotations.NullMarked;
