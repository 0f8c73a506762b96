/**
 * Messages, submitters and SMTP sessions, and how they are judged. Internal to the guard.
 */
@NullMarked
package org.outguard.guard.mail;

import org.jspecify.annotations.NullMarked;
