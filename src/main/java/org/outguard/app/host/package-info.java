/** This machine: its users, addresses, boot, terminal and privileges. */
@NullMarked
package org.outguard.app.host;

import org.jspecify.annotations.NullMarked;
