package org.outguard.planted.guard;

/** Keeps every rule. */
public record Plain(String name) {}
