/** What commands write besides their main output: files, lines of the journal, the reading of a log explained. */
@NullMarked
package org.outguard.app.output;

import org.jspecify.annotations.NullMarked;
