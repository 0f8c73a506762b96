package org.outguard.planted.guard;

import org.outguard.planted.app.MakesEverything;

/** Nobody imports app. */
final class KnowsApp {
    final MakesEverything app = new MakesEverything();
}
