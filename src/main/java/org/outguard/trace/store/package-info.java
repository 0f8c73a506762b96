/** Takes files away and puts them back, and makes lines comments: the one part of trace that changes something. */
@NullMarked
package org.outguard.trace.store;

import org.jspecify.annotations.NullMarked;
