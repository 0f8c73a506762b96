package org.outguard.headless.complaint.mail;

/**
 * Text that was in a mail.
 *
 * @param type its media type in lower case
 * @param name of the file; empty where none
 * @param text decoded
 * @param envelope of the message that it belongs to
 * @param choice number of the multipart/alternative that it is one form of; 0 where it is none
 */
public record Part(String type, String name, String text, MessageHeader envelope, int choice) {}
