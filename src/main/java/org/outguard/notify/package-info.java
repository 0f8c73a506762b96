/**
 * Tells people and programs of offenders: webhooks, mail, syslog, programs. Nothing here is waited for by the guard. This package may
 * import flow, owner, mail, guard, text and exec, Jackson and Jakarta Mail; the addresses that are told come from the policy.
 */
@NullMarked
package org.outguard.notify;

import org.jspecify.annotations.NullMarked;
