package org.outguard.owner;

/**
 * A user of this machine.
 *
 * @param uid user id
 * @param user its name, or the number as text
 */
public record Account(int uid, String user) {}
