/** Lines of Dovecot. */
@NullMarked
package org.outguard.maillog.dovecot;

import org.jspecify.annotations.NullMarked;
