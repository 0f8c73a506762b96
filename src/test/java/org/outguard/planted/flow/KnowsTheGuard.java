package org.outguard.planted.flow;

import org.outguard.planted.guard.Plain;

/** A word that knows the guard. */
record KnowsTheGuard(Plain plain) {}
