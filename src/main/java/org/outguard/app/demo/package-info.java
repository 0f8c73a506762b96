/**
 * A lab to show Outguard on: like all of app, this may know every package, and nobody may know it.
 *
 * <p>It stands in network namespaces of its own, sends to addresses that are set aside for documentation, and takes
 * itself down.
 */
@NullMarked
package org.outguard.app.demo;

import org.jspecify.annotations.NullMarked;
