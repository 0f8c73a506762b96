package org.outguard.planted.headless.complaint;

import org.outguard.planted.guard.Plain;

/** A reader of complaints that knows the guard. */
record KnowsTheGuard(Plain plain) {}
