package org.outguard.guard.port;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method takes in one line, packet, file or reply that somebody else has written. Whatever its parser throws ends there: it is
 * counted, shown and passed over, so that nobody can end a reader by what he writes. {@code HouseRulesTest} wants the catch.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface ReadsForeign {}
