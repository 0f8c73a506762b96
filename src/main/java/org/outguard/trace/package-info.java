/**
 * From an offender to the file behind it, how that came onto the machine, and what came with it: this package may import flow,
 * owner, guard, exec, text, and of procfs what reads processes and the files of others.
 *
 * <p>All that is looked at may be an attacker's: it is opened through {@code ForeignFiles}, bounded in files, bytes and time,
 * and never run.
 */
@NullMarked
package org.outguard.trace;

import org.jspecify.annotations.NullMarked;
