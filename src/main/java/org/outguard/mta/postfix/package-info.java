/** Postfix: its queue files, its queue tools, its ways in. This package may import mail, guard, exec and Jackson. */
@NullMarked
package org.outguard.mta.postfix;

import org.jspecify.annotations.NullMarked;
