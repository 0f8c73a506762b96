/** Exim: its spool files, its queue commands, its ways in. This package may import mail, guard, exec and Jackson. */
@NullMarked
package org.outguard.mta.exim;

import org.jspecify.annotations.NullMarked;
