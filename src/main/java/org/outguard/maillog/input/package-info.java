/** What stands around the lines of a mail log: log drivers of containers, compression. Knows nothing of mail. */
@NullMarked
package org.outguard.maillog.input;

import org.jspecify.annotations.NullMarked;
