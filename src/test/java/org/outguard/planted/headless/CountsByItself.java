package org.outguard.planted.headless;

import org.outguard.planted.guard.stats.Counter;

/** Takes an inner part of the guard for itself. */
record CountsByItself(Counter counter) {}
