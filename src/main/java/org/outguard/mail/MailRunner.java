package org.outguard.mail;

/**
 * A user as which a mail system runs.
 *
 * @param container id of the container in which it does, empty for this machine itself
 * @param uid number, as this machine sees it
 * @param user its name there, or the number as text
 */
public record MailRunner(String container, int uid, String user) {}
