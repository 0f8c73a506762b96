package org.outguard.mail;

import java.time.Instant;

/**
 * Somebody logged in, to send or to read mail, or tried to.
 *
 * @param at when
 * @param login as it was given; text from outside
 * @param address where from
 * @param failures attempts that failed; 0 where it was let in
 */
public record SeenLogin(Instant at, String login, String address, int failures) {}
