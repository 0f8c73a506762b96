/** A line of a log, taken apart: time, host, program, process, text. */
@NullMarked
package org.outguard.maillog.line;

import org.jspecify.annotations.NullMarked;
