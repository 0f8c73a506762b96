/** SMTP as it is captured: segments put in order, commands and replies. */
@NullMarked
package org.outguard.capture.smtp;

import org.jspecify.annotations.NullMarked;
