/** NDJSON: a line for each observation, action and summary. */
@NullMarked
package org.outguard.headless.ndjson;

import org.jspecify.annotations.NullMarked;
