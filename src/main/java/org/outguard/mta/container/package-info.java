/** What the runtimes of containers write down of them: names, and files with what they print. Imports what mta may. */
@NullMarked
package org.outguard.mta.container;

import org.jspecify.annotations.NullMarked;
