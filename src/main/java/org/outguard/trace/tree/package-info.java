/** Goes through folders that an attacker may have filled, without following a link and without opening what is no file. */
@NullMarked
package org.outguard.trace.tree;

import org.jspecify.annotations.NullMarked;
