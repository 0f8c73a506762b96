/**
 * Who sends: this package may import java.* only.
 *
 * <p>An <em>owner</em> is the process that sends; an <em>attribution</em> is an owner together with how it was matched.
 */
@NullMarked
package org.outguard.owner;

import org.jspecify.annotations.NullMarked;
