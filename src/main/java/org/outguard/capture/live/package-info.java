/** Live capture of an interface, by libpcap. */
@NullMarked
package org.outguard.capture.live;

import org.jspecify.annotations.NullMarked;
