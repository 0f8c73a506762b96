package org.outguard.mail;

/**
 * A message in a mail system. Short queue ids of Postfix repeat within minutes (FAQ of postconf(5),
 * {@code enable_long_queue_ids}), so whoever acts on one checks the arrival time and sender beside it.
 *
 * @param host name of the machine as its log has it, empty for this one
 * @param instance mail system: {@code "postfix"}, a {@code syslog_name} such as {@code "postfix-out"}, or {@code "exim"}
 * @param id as the mail system writes it: {@code "878D313894B"}, {@code "4bRk7S3tGzz1234"}, {@code "1sXyZa-000abc-2d"}
 */
public record QueueId(String host, String instance, String id) {

    @Override
    public String toString() {
        return id;
    }
}
