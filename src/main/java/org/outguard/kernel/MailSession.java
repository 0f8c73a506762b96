package org.outguard.kernel;

import org.outguard.flow.Endpoint;
import org.outguard.guard.observation.LocalSession;

/**
 * What the kernel tells of an SMTP session of which both ends are sockets of this machine.
 *
 * @param word what it tells
 * @param client the end that connected
 * @param server the mail system's end
 * @param user the process that connected
 * @param serverPid the process that serves it, as it is called in its own pid namespace and so in its logs; 0 where unknown
 * @param connected what tells it from a later one between the same ends: when it was connected, by the kernel's own clock
 * @param begunNanos when it was connected, nanoseconds since the epoch
 * @param atNanos when that was so which is told, nanoseconds since the epoch
 */
public record MailSession(
        LocalSession.Word word,
        Endpoint client,
        Endpoint server,
        KernelEye.Sender user,
        int serverPid,
        long connected,
        long begunNanos,
        long atNanos) {}
