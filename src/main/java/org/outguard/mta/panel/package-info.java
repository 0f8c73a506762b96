/** Hosting panels: whose a domain is, and their own switches for the mail of an account. Imports what mta may. */
@NullMarked
package org.outguard.mta.panel;

import org.jspecify.annotations.NullMarked;
