/** What intruders have left and how they came in, as commands ask for it: part of app, since it looks at everything. */
@NullMarked
package org.outguard.app.intruder;

import org.jspecify.annotations.NullMarked;
