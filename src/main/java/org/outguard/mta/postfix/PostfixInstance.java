package org.outguard.mta.postfix;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.outguard.mta.MailHost;

/**
 * One instance of Postfix, see postmulti(1).
 *
 * @param name its {@code syslog_name}, by which its log lines go, with the name of its container
 * @param configuration its configuration folder
 * @param queue its queue folder, as this program reaches it
 * @param ownUid uid of its {@code mail_owner}, -1 where there is no such user
 * @param hashedQueues queues that are split into folders ({@code hash_queue_names})
 * @param hashDepth how deep they are split ({@code hash_queue_depth})
 */
public record PostfixInstance(
        String name, Path configuration, Path queue, int ownUid, Set<String> hashedQueues, int hashDepth) {

    public PostfixInstance {
        hashedQueues = Set.copyOf(hashedQueues);
    }

    /** Parameters that are asked of postconf(1). */
    static final String[] PARAMETERS = {
        "syslog_name", "queue_directory", "mail_owner", "hash_queue_names", "hash_queue_depth", "maillog_file"
    };

    /** An instance as Debian has it, whose queues lie here. */
    public static PostfixInstance plain(Path queue, int ownUid) {
        return new PostfixInstance("postfix", Path.of("/etc/postfix"), queue, ownUid, Set.of("deferred", "defer"), 1);
    }

    static PostfixInstance of(Path configuration, Map<String, String> parameters, int ownUid, MailHost host) {
        String depth = parameters.getOrDefault("hash_queue_depth", "1");
        return new PostfixInstance(
                host.instance(parameters.getOrDefault("syslog_name", "postfix")),
                configuration,
                host.path(Path.of(parameters.getOrDefault("queue_directory", "/var/spool/postfix"))),
                ownUid,
                Set.of(parameters.getOrDefault("hash_queue_names", "").split("[,\\s]+")),
                depth.matches("[123]") ? Integer.parseInt(depth) : 1);
    }
}
