package org.outguard.maillog.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.Corpus;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Source;

/** The journal knows who wrote a line. */
class JournaldLinesTest {

    private static final int POSTFIX = 100;

    private final MailLog log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);
    private final Source journal = log.source("journal", Corpus.LATEST, Set.of(POSTFIX));

    private void entry(String tag, String message, int uid, String command) {
        byte[] line = Corpus.utf8("{\"__REALTIME_TIMESTAMP\":\"1795539516123456\",\"_HOSTNAME\":\"web1\","
                + "\"SYSLOG_IDENTIFIER\":\"" + tag + "\",\"SYSLOG_PID\":\"14702\",\"_UID\":\"" + uid + "\",\"_COMM\":\""
                + command + "\",\"MESSAGE\":" + message + "}");
        journal.line(line, 0, line.length);
    }

    @Test
    void linesOfPostfixAreTaken() {
        entry("postfix/pickup", "\"878D313894B: uid=33 from=<www-data>\"", POSTFIX, "pickup");

        LoggedMessage message = log.changed(1).get(0);
        assertThat(message.id().toString()).isEqualTo("878D313894B");
        assertThat(message.id().host()).isEqualTo("web1");
        assertThat(message.provenance().origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", ""));
        assertThat(message.first()).isEqualTo("2026-11-24T16:58:36.123456Z");
    }

    @Test
    void whatLoggerWroteIsNot() {
        entry("postfix/pickup", "\"878D313894B: uid=1001 from=<site1>\"", 33, "logger");
        entry("postfix/pickup", "\"878D313894B: uid=1001 from=<site1>\"", 33, "pickup");
        entry("postfix/pickup", "\"878D313894B: uid=1001 from=<site1>\"", 0, "logger");

        assertThat(log.changed(1)).isEmpty();
        assertThat(log.counts().forged()).isEqualTo(3);
    }

    /** Text that is not UTF-8 is a list of bytes. */
    @Test
    void bytesAreText() {
        StringBuilder bytes = new StringBuilder("[");
        for (byte b : Corpus.utf8("878D313894B: uid=33 from=<j\u00f6rg>")) {
            bytes.append(bytes.length() > 1 ? "," : "").append(b & 0xFF);
        }
        entry("postfix/pickup", bytes + "]", POSTFIX, "pickup");

        assertThat(log.changed(1)).hasSize(1);
    }

    @Test
    void otherLinesAreCounted() {
        byte[] line = Corpus.utf8("not JSON");
        journal.line(line, 0, line.length);
        entry("sshd", "\"hello\"", 0, "sshd");

        assertThat(log.counts().damaged()).isEqualTo(1);
        assertThat(log.changed(1)).isEqualTo(List.of());
    }
}
