package org.outguard.app.doctor;

import java.util.List;
import org.outguard.headless.Finding;
import org.outguard.mta.OtherMailSystems;

/** Whether a mail system is here whose queue and logs are not read. */
final class OtherSystemsCheck implements Check {

    @Override
    public List<Finding> look(CheckContext place) {
        return OtherMailSystems.names(place.root()).stream()
                .map(name -> new Finding(
                        "unsupported-mail-system",
                        Finding.Cost.HIDES_IT,
                        name + " is here; flows and blocks work with it, but its queue and logs are not read",
                        "who submitted a message is not known, and messages cannot be held or deleted",
                        "journalctl -f SYSLOG_FACILITY=2 # its log, to be read by eye"))
                .toList();
    }
}
