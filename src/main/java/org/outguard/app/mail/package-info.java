/** Watches the mail systems of this machine: their logs, queues and deliveries. */
@NullMarked
package org.outguard.app.mail;

import org.jspecify.annotations.NullMarked;
