package org.outguard.mta.panel;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailHost;
import org.outguard.mta.MailSystem;
import org.outguard.mta.QueueReader;
import org.outguard.mta.UserNames;

/**
 * A mail system whose configuration is a panel's.
 *
 * @param panel which
 * @param system the mail system
 * @param loopback closes SMTP on this machine for a local user
 * @param users local users
 */
public record PanelMailSystem(Panel panel, MailSystem system, LoopbackBan loopback, UserNames users)
        implements MailSystem {

    @Override
    public String instance() {
        return system.instance();
    }

    @Override
    public MailHost host() {
        return system.host();
    }

    @Override
    public QueueReader reader() {
        return system.reader();
    }

    @Override
    public String text(QueueId id, boolean body) {
        return system.text(id, body);
    }

    @Override
    public Optional<Path> log() {
        return system.log();
    }

    @Override
    public Set<Integer> uids() {
        return system.uids();
    }

    @Override
    public Set<String> relayHosts() {
        return system.relayHosts();
    }

    @Override
    public DeliveryFiles deliveries() {
        return system.deliveries();
    }

    @Override
    public MessageActions messages() {
        return system.messages();
    }

    @Override
    public SubmissionActions submission() {
        return new PanelSubmission(panel, system.submission(), loopback, users);
    }
}
