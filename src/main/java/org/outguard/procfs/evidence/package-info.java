/** Evidence of a process, collected before it is killed. */
@NullMarked
package org.outguard.procfs.evidence;

import org.jspecify.annotations.NullMarked;
