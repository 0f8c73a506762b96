package org.outguard.trace.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatTest {

    private static final Instant AT = Instant.parse("2026-11-30T10:00:01Z");

    @Test
    void combinedIsRead() {
        WebRequest request = LogFormat.COMBINED
                .parse(
                        "203.0.113.9 - bob [30/Nov/2026:11:00:01 +0100] \"POST /a%62c.php?x=1&y HTTP/1.1\" 200 - \"-\" \"a \\\"b\\\" c\"",
                        "log")
                .orElseThrow();
        assertThat(request)
                .isEqualTo(new WebRequest(
                        AT, "203.0.113.9", "", "POST", "/abc.php", "x=1&y", 200, "", "a \\\"b\\\" c", -1, "log"));
    }

    @Test
    void aVhostAndAWorkerAreRead() {
        LogFormat format = LogFormat.apache("%v:%p %a %{X-Forwarded-For}i %P [%{%d/%b/%Y:%T %z}t] \\\"%r\\\" %>s");
        WebRequest request = format.parse(
                        "shop.example:443 10.0.0.1 198.51.100.7 812 [30/Nov/2026:10:00:01 +0000] \"GET //x/./y.php HTTP/2.0\" 404",
                        "log")
                .orElseThrow();
        assertThat(request.host()).isEqualTo("shop.example");
        assertThat(request.client()).isEqualTo("10.0.0.1");
        assertThat(request.forwarded()).isEqualTo("198.51.100.7");
        assertThat(request.worker()).isEqualTo(812);
        assertThat(request.path()).isEqualTo("/x/y.php");
        assertThat(request.at()).isEqualTo(AT);
    }

    @Test
    void aFormatOfNginxIsRead() {
        LogFormat format =
                LogFormat.nginx("$remote_addr|$time_iso8601|$host|$request_method|$request_uri|${status}|$pid");
        WebRequest request = format.parse(
                        "2001:db8::1|2026-11-30T10:00:01+00:00|a.example|PUT|/u/x.php?q|201|77", "log")
                .orElseThrow();
        assertThat(request)
                .isEqualTo(
                        new WebRequest(AT, "2001:db8::1", "", "PUT", "/u/x.php", "q", 201, "a.example", "", 77, "log"));
    }

    @Test
    void caddyIsRead() {
        WebRequest request = JsonLog.parse(
                        "{\"level\":\"info\",\"ts\":1796032801.5,\"request\":{\"remote_ip\":\"192.0.2.1\",\"client_ip\":\"192.0.2.9\",\"method\":\"GET\",\"host\":\"c.example:8443\",\"uri\":\"/s.php?a=b\",\"headers\":{\"User-Agent\":[\"curl\"]}},\"status\":200}",
                        "log")
                .orElseThrow();
        assertThat(request.client()).isEqualTo("192.0.2.9");
        assertThat(request.host()).isEqualTo("c.example");
        assertThat(request.path()).isEqualTo("/s.php");
        assertThat(request.agent()).isEqualTo("curl");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../up/x.php, /up/x.php",
        "/up/%2e%2E/up/./x.php, /up/x.php",
        "/../../up//x.php, /up/x.php",
        "/up/.., /",
        "/up/a/.., /up/",
        "/up/.x/, /up/.x/",
        "/.., /",
        "//, /",
        "HTTP://shop.example/up/x.php, /up/x.php",
        "/up/\\xc3\\xa9.php, /up/\u00e9.php",
        "/up/%C3%A9+.php, /up/\u00e9+.php",
        "/up/%zz, /up/%zz",
        "*, *",
    })
    void aPathIsReadAsTheServerReadsIt(String sent, String path) {
        assertThat(LogFormat.path(sent)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.9 - [01/Jan/2020:00:00:00 +0000] [30/Nov/2026:10:00:01 +0000] \"GET /x HTTP/1.1\" 200 - \"-\" \"-\"",
                "192.0.2.9 - a\\\" [30/Nov/2026:10:00:01 +0000] \"GET /x HTTP/1.1\" 200 - \"-\" \"-\"",
                "192.0.2.9 - - [30/Nov/2026:10:00:01 +0000] \"GET /x HTTP/1.1\" 200 - \" [01/Jan/2020:00:00:00 +0000] \" \"-\"",
            })
    void theServersTimeCountsNotTheClients(String line) {
        WebRequest request = LogFormat.COMBINED.parse(line, "log").orElseThrow();
        assertThat(request.at()).isEqualTo(AT);
        assertThat(request.words()).isEqualTo("GET /x by 192.0.2.9, answered 200");
    }

    @Test
    void whatIsNoRequestIsNone() {
        assertThat(LogFormat.COMBINED.parse("", "log")).isEmpty();
        assertThat(LogFormat.COMBINED.parse(
                        "203.0.113.9 - - [30/Nov/2026:11:00:01 +0100] \"\\x16\\x03\" 400 0 \"-\" \"-\"", "log"))
                .isEmpty();
        assertThat(LogFormat.COMBINED.parse(
                        "a - - [99/Foo/2026:11:00:01 +0100] \"GET / HTTP/1.0\" 200 0 \"-\" \"-\"", "log"))
                .isEmpty();
        assertThat(JsonLog.parse("null", "log")).isEmpty();
        assertThat(JsonLog.parse("{\"ts\":1}", "log")).isEmpty();
    }
}
