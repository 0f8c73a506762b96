/**
 * Main, its commands, the wiring, threads, clocks and the tty lease: this package may import everything, and nobody imports
 * it.
 */
@NullMarked
package org.outguard.app;

import org.jspecify.annotations.NullMarked;
