/** The process that alone acts, on requests of others, and how these ask it. */
@NullMarked
package org.outguard.app.actor;

import org.jspecify.annotations.NullMarked;
