/**
 * JNI twins of native/jni and the owner look-up on top of them: this package may import flow, owner and guard.
 *
 * <p>Each {@code native/jni/X.c} holds the native methods of the class {@code X}.
 */
@NullMarked
package org.outguard.kernel;

import org.jspecify.annotations.NullMarked;
