/** Headers of frames, from the link layer to the transport. */
@NullMarked
package org.outguard.capture.decode;

import org.jspecify.annotations.NullMarked;
