/** Options that commands share, and converters of their values. */
@NullMarked
package org.outguard.app.option;

import org.jspecify.annotations.NullMarked;
