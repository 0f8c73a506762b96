package org.outguard;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * An integration test with a mail system in a container. A watch on the machine sees the mail of all its containers, so such tests
 * run beside their like only: each watches from within its own.
 */
@Tag("mail-system")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithMailSystem {}
