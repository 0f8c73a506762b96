package org.outguard.planted.nft;

import org.outguard.planted.capture.DrawsOnTheScreen;

/** Edges never import edges. */
final class KnowsAnotherEdge {
    final DrawsOnTheScreen edge = new DrawsOnTheScreen();
}
