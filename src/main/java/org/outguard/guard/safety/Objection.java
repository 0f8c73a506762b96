package org.outguard.guard.safety;

/**
 * Why a step should not be done.
 *
 * @param reason what would break, one clause
 * @param last whether nobody can overrule it; where not, a second confirmation does
 */
public record Objection(String reason, boolean last) {}
