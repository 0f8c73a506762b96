package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.maillog.line.LineKind;

/** Whatever stands before or around a line is read, and no line ends the reading. */
class LogFormsTest {

    private static final String ID = "4C1D22A07F1";
    private static final String TAIL = ": " + ID + ": uid=33 from=<www-data>";
    private static final Instant AT = Instant.parse("2026-11-03T06:41:09Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Nov  3 06:41:09 web1 postfix/pickup[7]",
                "Nov 3 06:41:09 web1 postfix/pickup[7]",
                "Nov 03 06:41:09 web1 postfix/pickup[7]",
                "<22>Nov  3 06:41:09 web1 postfix/pickup[7]",
                "Nov  3 06:41:09 postfix/pickup[7]",
                "Nov  3 06:41:09 web1 postfix/pickup",
                "Nov  3 06:41:09.123 web1 postfix/pickup[7]",
                "Nov  3 06:41:09,123456 web1 postfix/pickup[7]",
                "2026 Nov  3 06:41:09 web1 postfix/pickup[7]",
                "2026 Nov  3 06:41:09.5 web1 postfix/pickup[7]",
                "Nov  3 2026 06:41:09 web1 postfix/pickup[7]",
                "Tue Nov  3 06:41:09 web1 postfix/pickup[7]",
                "Nov  3 06:41:09 web1 mail.info postfix/pickup[7]",
                "Nov  3 06:41:09 mail.info postfix/pickup[7]",
                "Nov  3 06:41:09 <mail.info> web1 postfix/pickup[7]",
                "Nov  3 06:41:09   web1   postfix/pickup[7]",
                "2026-11-03T06:41:09+00:00 web1 postfix/pickup[7]",
                "2026-11-03T08:41:09.123456+02:00 web1 postfix/pickup[7]",
                "2026-11-03T06:41:09.5Z web1 postfix/pickup[7]",
                "2026-11-03T06:41:09+0000 web1 postfix/pickup[7]",
                "2026-11-03T06:41:09+00:00 INFO    postfix/pickup[7]",
                "2026-11-03 06:41:09 web1 postfix/pickup[7]",
                "2026-11-03 06:41:09.123 web1 postfix/pickup[7]",
                "2026-11-03 06:41:09,123 web1 postfix/pickup[7]",
                "2026-11-03 08:41:09 +0200 web1 postfix/pickup[7]",
                "Tue 2026-11-03 06:41:09 UTC web1 postfix/pickup[7]",
                "1793688069.123456 web1 postfix/pickup[7]",
                "postfix-1  | Nov  3 06:41:09 web1 postfix/pickup[7]",
                "mail_postfix_1 | Nov  3 06:41:09 web1 postfix/pickup[7]",
                "\033[36mpostfix-1  | \033[0mNov  3 06:41:09 web1 postfix/pickup[7]",
                "postfix-1  | 2026-11-03T06:41:09.104Z Nov  3 06:41:09 web1 postfix/pickup[7]",
                "2026-11-03T06:41:09.104000093Z stdout F Nov  3 06:41:09 web1 postfix/pickup[7]",
                "2026-11-03T08:41:09.104+02:00 stderr F Nov  3 06:41:09 web1 postfix/pickup[7]",
                "2026-11-03T06:41:09.104000093Z Nov  3 06:41:09 web1 postfix/pickup[7]",
                "2026-11-03T06:41:09+00:00 web1 mail info postfix/pickup[7]",
                "Nov  3 06:41:09 src@192.0.2.9/web1 postfix/pickup[7]"
            })
    void aHeaderOfAnyTemplateIsRead(String header) {
        LoggedMessage message = only(header + TAIL);
        assertThat(message.root().origin().who()).isEqualTo("www-data");
        assertThat(message.first()).isBetween(AT, AT.plusMillis(999));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<22>1 2026-11-03T06:41:09.003Z web1 postfix/pickup 7 - - " + ID + ": uid=33 from=<www-data>",
                "1 2026-11-03T06:41:09Z - postfix/pickup 7 - - " + ID + ": uid=33 from=<www-data>",
                "<22>1 2026-11-03T06:41:09Z web1 postfix/pickup 7 ID47 [a@1 b=\"x] \\\" y\"][c@2] \uFEFF" + ID
                        + ": uid=33 from=<www-data>",
                "Nov  3 06:41:09 web1 postfix/pickup[7]: [ID 197553 mail.info] " + ID + ": uid=33 from=<www-data>",
                "{\"log\":\"Nov  3 06:41:09 web1 postfix/pickup[7]: " + ID
                        + ": uid=33 from=\\u003cwww-data\\u003e\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-03T06:41:09.1Z\"}",
                "{\"__REALTIME_TIMESTAMP\":\"1793688069000000\",\"_HOSTNAME\":\"web1\",\"SYSLOG_IDENTIFIER\":"
                        + "\"postfix/pickup\",\"SYSLOG_PID\":\"7\",\"_UID\":\"105\",\"_COMM\":\"pickup\",\"MESSAGE\":\""
                        + ID + ": uid=33 from=<www-data>\"}"
            })
    void soIsAStructuredOne(String line) {
        LoggedMessage message = only(line);
        assertThat(message.root().origin().who()).isEqualTo("www-data");
        assertThat(message.first()).isBetween(AT, AT.plusMillis(999));
    }

    /** Docker, Loki, Vector, Fluent Bit, syslog-ng's format-json, rsyslog's jsonmesg and Logstash's form; one in another. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'log': 'Nov  3 06:41:09 web1 postfix/pickup[7]#', 'attrs': {'tag': 'x'}, 'time': '2026-11-03T06:41:09.1Z'}",
                "{'log': 'postfix/pickup[7]#\\n', 'stream': 'stdout', 'time': '2026-11-03T06:41:09.1Z'}",
                "{'labels': {'app': 'mail'}, 'line': 'Nov  3 06:41:09 web1 postfix/pickup[7]#'}",
                "{'appname':'postfix/pickup','hostname':'web1','message':'%','procid':7,'timestamp':'2026-11-03T06:41:09.1Z'}",
                "{'date':1793688069.25,'host':'web1','ident':'postfix/pickup','pid':'7','message':'%'}",
                "{'PROGRAM':'postfix/pickup','PID':'7','MESSAGE':'%','HOST':'web1','DATE':'Nov  3 06:41:09'}",
                "{'msg':' %','rawmsg':'<22>x','timereported':'2026-11-03T06:41:09+00:00','hostname':'web1',"
                        + "'syslogtag':'postfix/pickup[7]:','programname':'postfix'}",
                "{'@timestamp':'2026-11-03T06:41:09Z','message':' %','host':'web1','programname':'postfix/pickup','procid':'7'}",
                "2026-11-03T06:41:09.1Z stdout F {'PROGRAM':'postfix/pickup','PID':'7','MESSAGE':'%','HOST':'web1'}",
                "data: {'__REALTIME_TIMESTAMP' : '1793688069000000', 'SYSLOG_IDENTIFIER' : 'postfix/pickup', 'MESSAGE' : '%'}",
                "\036{'__REALTIME_TIMESTAMP':'1793688069000000','SYSLOG_IDENTIFIER':'postfix/pickup','MESSAGE':'%'}"
            })
    void soIsAnObjectOfACollector(String form) {
        LoggedMessage message =
                only(form.replace('\'', '"').replace("#", TAIL).replace("%", ID + ": uid=33 from=<www-data>"));
        assertThat(message.root().origin().who()).isEqualTo("www-data");
        assertThat(message.first()).isBetween(AT, AT.plusMillis(999));
    }

    @Test
    void anEntryOnManyLinesIsOne() {
        assertThat(read(
                                "{",
                                "        \"__REALTIME_TIMESTAMP\" : \"1793688069000000\",",
                                "        \"SYSLOG_IDENTIFIER\" : \"postfix/pickup\",",
                                "        \"MESSAGE\" : \"" + ID + ": uid=33 from=<www-data>\"",
                                "}")
                        .values())
                .singleElement()
                .satisfies(message -> assertThat(message.first()).isEqualTo(AT));
    }

    @Test
    void anEntryThatEximWroteInPartsIsOne() {
        var log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);
        String head = "Nov  3 06:41:09 web1 exim[7]: ";
        Map<String, LoggedMessage> read = Corpus.read(
                log,
                List.of(
                        Corpus.utf8(
                                head + "[1/2] 1uCJ8o-00000000Kqf-1yHp <= a@b.example U=www-data P=local S=400 T=\"x"),
                        Corpus.utf8("Nov  3 06:41:09 web1 exim[8]: [2/2] of which the first is missing"),
                        Corpus.utf8(head + "[2/2] y\" from <a@b.example> for c@d.example")));
        assertThat(read.values())
                .singleElement()
                .satisfies(message -> assertThat(message.root().origin().who()).isEqualTo("www-data"));
        assertThat(log.reading().notUnderstood()).isEqualTo(1);
    }

    @Test
    void aLineInTwoPartsIsPutTogether() {
        String line = "Nov  3 06:41:09 web1 postfix/pickup[7]" + TAIL;
        assertThat(read(
                                "2026-11-03T06:41:09.1Z stdout P " + line.substring(0, 40),
                                "2026-11-03T06:41:09.1Z stdout F " + line.substring(40))
                        .values())
                .singleElement()
                .satisfies(message -> assertThat(message.root().origin().who()).isEqualTo("www-data"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no time at all",
                "Nov 24 17:20:48 host exim[123]: 1xVuCF-0005iy-1R => a@b.example R=r T=lmtp H=x C=\"250 x\"",
                "2026-11-24 17:20:48 1xVuCF-0005iy-1R => a@b.example R=r T=lmtp H= C=\"250 OK id=\"",
                "2026-11-24 17:20:48 1xVuCF-0005iy-1R => ",
                "2026-11-24 17:20:48 1xVuCF-0005iy-1R <=",
                "2026-11-24 17:20:48 [",
                "2026-11-24T17:20:48",
                "<22>1 -",
                "<22>1 2026-11-03T06:41:09Z web1 postfix/pickup 7 - [",
                "{\"log\":7}",
                "{",
                "Nov",
                "1",
                "2026 Nov",
                "Tue 2026-11-03",
                "postfix-1 | ",
                "2026-11-03T06:41:09.1Z stdout ",
                "Nov  3 06:41:09 web1 postfix/smtpd[7]: NOQUEUE: client=",
                "Nov  3 06:41:09 web1 postfix/smtpd[7]: proxy-accept: queued as ",
                "Nov  3 06:41:09 web1 postfix/smtp[7]: " + ID + ": to=<"
            })
    void noLineEndsItsReader(String bad) {
        Map<String, LoggedMessage> read = read(bad, "Nov  3 06:41:09 web1 postfix/pickup[7]" + TAIL);
        assertThat(read.values()).anyMatch(m -> m.root().origin().who().equals("www-data"));
    }

    @Test
    void whatAReaderThrowsIsCountedWithItsLine() {
        var broken = new MailLog.Users() {
            @Override
            public String name(int uid) {
                if (uid == 666) {
                    throw new IllegalStateException("planted");
                }
                return Integer.toString(uid);
            }

            @Override
            public int uid(String name) {
                return -1;
            }
        };
        var log = new MailLog(broken, ZoneOffset.UTC, 100);
        Source source = log.source("mail.log", Corpus.LATEST, Set.of());
        List<LineKind> kinds = new ArrayList<>();
        for (String line : List.of(
                "Nov  3 06:41:09 web1 postfix/qmgr[8]: " + ID + ": removed",
                "Nov  3 06:41:09 web1 postfix/pickup[7]: 4C1D22A07F2: uid=666 from=<x>",
                "Nov  3 06:41:09 web1 postfix/pickup[7]: 4C1D22A07F3: uid=1 from=<x>")) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            source.line(bytes, 0, bytes.length);
            kinds.add(source.kind());
        }
        assertThat(kinds).containsExactly(LineKind.READ, LineKind.FAILED, LineKind.READ);
        LogReading reading = log.reading();
        assertThat(reading.lines()).isEqualTo(3);
        assertThat(reading.notUnderstood()).isEqualTo(1);
        assertThat(reading.first()).contains(new LogReading.Place("mail.log", 2));
        assertThat(reading.kinds()).extracting(LogReading.Kind::word).containsExactly("failed");
    }

    @Test
    void aLineWithoutAPidIsForgedWhereAllOthersHaveOne() {
        Map<String, LoggedMessage> read = read(
                "Nov  3 06:41:08 web1 postfix/qmgr[8]: 4C1D22A07F2: removed",
                "Nov  3 06:41:09 web1 postfix/pickup" + TAIL);
        assertThat(read.values()).noneMatch(m -> m.id().id().equals(ID));
    }

    @Test
    void otherServicesOfAComposeFileAreNoDamage() {
        var log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);
        Corpus.read(
                log,
                List.of(
                        Corpus.utf8(
                                "nginx-1    | 172.22.1.1 - - [03/Nov/2026:06:41:09 +0000] \"GET / HTTP/1.1\" 200 5"),
                        Corpus.utf8("postfix-1  | Nov  3 06:41:09 web1 postfix/pickup[7]" + TAIL),
                        Corpus.utf8("nginx-1    | ready"),
                        Corpus.utf8("postfix-1  | ready")));
        assertThat(log.reading().notUnderstood()).isEqualTo(1);
        assertThat(log.reading().first()).contains(new LogReading.Place("", 4));
    }

    /* What journalctl -o with-unit names is the unit: of Postfix that says too little, of Exim it is as good as its name. */
    @Test
    void aUnitInPlaceOfTheProgramIsReadOrCounted() {
        var log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);
        Map<String, LoggedMessage> read = Corpus.read(
                log,
                List.of(
                        Corpus.utf8("Tue 2026-11-03 06:41:09 UTC web1 postfix@-.service[7]" + TAIL),
                        Corpus.utf8("Tue 2026-11-03 06:41:09 UTC web1 postfix.service[7]" + TAIL),
                        Corpus.utf8("Tue 2026-11-03 06:41:09 UTC web1 cron.service[7]: (root) CMD (true)"),
                        Corpus.utf8(
                                "Tue 2026-11-03 06:41:09 UTC web1 exim4.service[7]: 1xVuCF-0005iy-1R <= alice@shop.example U=alice P=local S=512")));

        assertThat(read.keySet()).singleElement().asString().contains("1xVuCF-0005iy-1R");
        assertThat(log.reading().notUnderstood()).isEqualTo(2);
        assertThat(log.reading().kinds()).extracting(LogReading.Kind::word).containsExactly("noProgram");
    }

    private static LoggedMessage only(String line) {
        Map<String, LoggedMessage> read = read(line);
        assertThat(read).hasSize(1);
        return read.values().iterator().next();
    }

    private static Map<String, LoggedMessage> read(String... lines) {
        return Corpus.read(
                new MailLog(Corpus.USERS, ZoneOffset.UTC, 100),
                List.of(lines).stream().map(Corpus::utf8).toList());
    }
}
