/**
 * What left in the last 30 days, in a SQLite database: written by one thread that the guard never waits for, read by commands.
 * This package may import flow, owner, mail, guard and SQLite's driver. The tables are described in src/docs/history.md.
 */
@NullMarked
package org.outguard.history;

import org.jspecify.annotations.NullMarked;
