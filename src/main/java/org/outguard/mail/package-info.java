/**
 * The words for mail (queue id, origin, queued message): this package may import java.* only.
 */
@NullMarked
package org.outguard.mail;

import org.jspecify.annotations.NullMarked;
