package org.outguard.trace.left;

import org.outguard.text.Severity;

/**
 * What a check is about, told before it has found anything.
 *
 * @param id short name that stays
 * @param severity the highest that it gives
 * @param looksAt what it looks at
 * @param why why that matters
 */
public record CheckInfo(String id, Severity severity, String looksAt, String why) {}
