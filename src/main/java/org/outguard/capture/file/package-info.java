/** Capture files: pcap and pcapng. */
@NullMarked
package org.outguard.capture.file;

import org.jspecify.annotations.NullMarked;
