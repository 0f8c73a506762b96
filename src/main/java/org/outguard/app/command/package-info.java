/** Subcommands, one class each, by picocli. */
@NullMarked
package org.outguard.app.command;

import org.jspecify.annotations.NullMarked;
