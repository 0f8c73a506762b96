/**
 * Reads mail logs and says of each message who handed it in and what became of it: this package may import mail, guard and
 * exec, and Jackson for the journal's lines.
 *
 * <p>A log line can be written by anybody who may call logger(1), and a message's subject, HELO name or remote reply may
 * look like a field of the log. So lines are parsed strictly from left to right, whatever is incomplete is left out, and
 * lines that contradict each other make an origin disputed. What is said here is
 * {@link org.outguard.mail.Provenance.Evidence#LOG} and nothing destructive rests on it.
 */
@NullMarked
package org.outguard.maillog;

import org.jspecify.annotations.NullMarked;
