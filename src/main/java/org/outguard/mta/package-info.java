/**
 * Mail systems of this machine, their queues and what stops a message or a submitter: this package may import mail,
 * guard, exec and Jackson. What is common to all is here, {@code postfix} and {@code exim} hold what differs.
 */
@NullMarked
package org.outguard.mta;

import org.jspecify.annotations.NullMarked;
