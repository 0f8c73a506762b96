package org.outguard.trace.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.trace.php.PhpScorer;

/** Lines of access logs, whose requests anybody writes, and files with PHP. */
public final class AccessLogFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "web";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes(
                        "192.0.2.7 - - [30/Nov/2026:11:00:00 +0100] \"POST /wp-content/x.php?a=1 HTTP/1.1\" 200 512 \"-\" \"Mozilla\""),
                bytes(
                        "example.org:443 192.0.2.7 - site [30/Nov/2026:11:00:00 +0000] \"GET / HTTP/2.0\" 404 - \"http://a/\" \"x \\\" y\""),
                bytes(
                        "{\"time\":\"2026-11-30T11:00:00+01:00\",\"remote_addr\":\"192.0.2.7\",\"request\":\"POST /x.php HTTP/1.1\",\"status\":200}"),
                bytes(
                        "<?php @eval(base64_decode($_POST['x'])); $a = 'str' . \"rev{$b}\"; /* c */ # d\n ?><html><?= $x ?>"),
                bytes(
                        "<?php $f=create_function('',gzinflate(str_rot13(\"\\x65\\166\"))); foreach($a as $k=>$v){mail($k,$v);} <<<EOT\nx\nEOT;\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> words() {
        return List.of(
                "[99/Zzz/9999:99:99:99 +9999]",
                "\\x00",
                "%00",
                "<?php ",
                "?>",
                "<<<'A'\n",
                "/*",
                "'",
                "\"",
                "${",
                "eval(",
                "[[[[[[[[");
    }

    @Override
    public void feed(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        LogFormat nginx =
                LogFormat.nginx("$remote_addr [$time_local] \"$request\" $status $http_host \"$http_user_agent\"");
        for (String line : text.split("\n", -1)) {
            LogFormat.guess(line, "access.log");
            LogFormat.COMBINED.parse(line, "access.log");
            LogFormat.VHOST_COMBINED.parse(line, "access.log");
            nginx.parse(line, "access.log");
            JsonLog.parse(line, "access.log");
        }
        PhpScorer.score(input);
    }
}
