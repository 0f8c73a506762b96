/**
 * Numbers, columns and durations for people, and foreign text made safe: this package may import flow, owner, mail and
 * guard.
 *
 * <p>Names of processes, command lines, hosts and subjects come from the attacker. They pass {@link
 * org.outguard.text.SafeText} before any terminal, log or report.
 */
@NullMarked
package org.outguard.text;

import org.jspecify.annotations.NullMarked;
