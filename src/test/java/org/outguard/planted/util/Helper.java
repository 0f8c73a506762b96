package org.outguard.planted.util;

/** A package that is no room. */
final class Helper {}
