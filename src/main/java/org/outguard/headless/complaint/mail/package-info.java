/** Takes a mail apart: parts, encodings, attachments. */
@NullMarked
package org.outguard.headless.complaint.mail;

import org.jspecify.annotations.NullMarked;
