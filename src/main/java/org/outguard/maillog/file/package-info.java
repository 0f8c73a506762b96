/** Files and streams that log lines come from: followed, rotated, compressed, or journalctl. */
@NullMarked
package org.outguard.maillog.file;

import org.jspecify.annotations.NullMarked;
