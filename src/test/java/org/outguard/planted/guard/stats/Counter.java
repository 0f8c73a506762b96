package org.outguard.planted.guard.stats;

/** An inner part of the guard. */
public record Counter(long count) {}
