package org.outguard.trace.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.procfs.TestFiles;
import org.outguard.trace.tree.ForeignText;

/** Configuration as packages and control panels lay it out. */
class WebServersTest {

    private static final Instant AT = Instant.parse("2024-03-05T03:14:07Z");

    @TempDir
    private Path root;

    @Test
    void apacheOfRedHatWithFormatsAndRotatelogs() throws IOException {
        write("/etc/httpd/conf/httpd.conf", """
                ServerRoot "/etc/httpd"
                Define base /srv/sites
                DocumentRoot "/var/www/html"
                <IfModule log_config_module>
                    LogFormat "%{X-Forwarded-For}i %a %P %t \\"%r\\" %>s" proxied
                    CustomLog "logs/access_log" proxied
                </IfModule>
                IncludeOptional conf.d/*.conf
                """);
        write("/etc/httpd/conf.d/a.conf", """
                # <VirtualHost *:80>
                <VirtualHost *:443 \\
                     [::]:443>
                    servername https://a.example:443
                    ServerAlias b.example c.example
                    DocumentRoot ${base}/a/
                    CustomLog "|/usr/sbin/rotatelogs -l /var/log/httpd/a.%Y%m%d 86400" proxied env=!quiet
                </VirtualHost>
                """);
        WebServers servers = read();
        WebSite site = servers.serving("/srv/sites/a/x.php").orElseThrow();
        assertThat(site.server()).isEqualTo("apache");
        assertThat(site.names()).containsExactly("a.example", "b.example", "c.example");
        assertThat(site.documentRoot()).isEqualTo("/srv/sites/a");
        assertThat(site.config()).isEqualTo("/etc/httpd/conf.d/a.conf");
        assertThat(site.logs()).extracting(WebSite.Log::path).containsExactly("/var/log/httpd/a.%Y%m%d");
        WebRequest request = site.logs()
                .get(0)
                .format()
                .parse("198.51.100.7 10.0.0.1 812 [05/Mar/2024:04:14:07 +0100] \"POST /x.php HTTP/1.1\" 200", "log")
                .orElseThrow();
        assertThat(request)
                .isEqualTo(
                        new WebRequest(AT, "10.0.0.1", "198.51.100.7", "POST", "/x.php", "", 200, "", "", 812, "log"));
        assertThat(servers.serving("/var/www/html/x.php")
                        .orElseThrow()
                        .logs()
                        .get(0)
                        .path())
                .isEqualTo("/etc/httpd/logs/access_log");
    }

    @Test
    void nginxWithItsIncludesAndFormats() throws IOException {
        write("/etc/nginx/nginx.conf", """
                http { # all sites
                    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                                      '$status "$http_user_agent" "$http_x_forwarded_for"';
                    access_log /var/log/nginx/access.log main;
                    include sites-enabled/*;
                }
                """);
        write("/etc/nginx/sites-enabled/shop", """
                server {
                    server_name shop.example "www.shop.example";
                    location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }
                    root /srv/shop;
                    access_log /var/log/nginx/$host.access.log main buffer=32k;
                    access_log off;
                }
                """);
        WebServers servers = read();
        WebSite site = servers.serving("/srv/shop/x.php").orElseThrow();
        assertThat(site.server()).isEqualTo("nginx");
        assertThat(site.names()).containsExactly("shop.example", "www.shop.example");
        assertThat(site.logs()).extracting(WebSite.Log::path).containsExactly("/var/log/nginx/$host.access.log");
        assertThat(servers.logs(Optional.of(site)))
                .extracting(WebSite.Log::path)
                .startsWith("/var/log/nginx/$host.access.log", "/var/log/nginx/access.log")
                .doesNotHaveDuplicates();
        WebRequest request = site.logs()
                .get(0)
                .format()
                .parse(
                        "192.0.2.9 - a [b [05/Mar/2024:03:14:07 +0000] \"GET /x.php?a HTTP/1.1\" 200 \"agent\" \"198.51.100.7\"",
                        "log")
                .orElseThrow();
        assertThat(request)
                .isEqualTo(new WebRequest(
                        AT, "192.0.2.9", "198.51.100.7", "GET", "/x.php", "a", 200, "", "agent", -1, "log"));
    }

    @Test
    void nginxThatWasBuiltFromSourceLogsBelowItsPrefix() throws IOException {
        write("/usr/local/nginx/conf/nginx.conf", "http { server { root html; access_log logs/host.access.log; } }\n");
        WebSite site = read().serving("/usr/local/nginx/html/x.php").orElseThrow();
        assertThat(site.logs()).extracting(WebSite.Log::path).containsExactly("/usr/local/nginx/logs/host.access.log");
    }

    @Test
    void caddy() throws IOException {
        write("/etc/caddy/Caddyfile", """
                {
                    email root@c.example
                }
                https://c.example, www.c.example {
                    root * /srv/c
                    php_fastcgi unix//run/php.sock
                    log {
                        output file /var/log/caddy/c.log {
                            roll_size 10mb
                        }
                    }
                }
                """);
        WebSite site = read().serving("/srv/c/x.php").orElseThrow();
        assertThat(site.names()).containsExactly("c.example", "www.c.example");
        assertThat(site.logs()).extracting(WebSite.Log::path).containsExactly("/var/log/caddy/c.log");
    }

    @Test
    void liteSpeed() throws IOException {
        write("/usr/local/lsws/conf/vhosts/shop/vhconf.conf", """
                docRoot                   $VH_ROOT/html/
                vhDomain                  l.example
                accesslog $SERVER_ROOT/logs/$VH_NAME.access.log {
                  logFormat               "%h %l %u %t \\"%r\\" %>s"
                }
                """);
        WebSite site = read().serving("/usr/local/lsws/shop/html/x.php").orElseThrow();
        assertThat(site.names()).contains("l.example");
        assertThat(site.logs()).extracting(WebSite.Log::path).containsExactly("/usr/local/lsws/logs/shop.access.log");
    }

    @Test
    void theLongestRootServes() {
        WebServers servers = new WebServers(List.of(
                new WebSite("apache", List.of("out"), "/var/www", List.of(), "c"),
                new WebSite("apache", List.of("in"), "/var/www/in", List.of(), "c")));
        assertThat(servers.serving("/var/www/in/x.php").orElseThrow().names()).containsExactly("in");
        assertThat(servers.serving("/var/www/inside/x.php").orElseThrow().names())
                .containsExactly("out");
        assertThat(servers.serving("/srv/x.php")).isEmpty();
    }

    @Test
    void whatIncludesItselfOrIsBrokenEnds() throws IOException {
        write("/etc/apache2/apache2.conf", "Include apache2.conf\nInclude [\nCustomLog\n\"\n<VirtualHost");
        write("/etc/nginx/nginx.conf", "include nginx.conf; server { root /srv/n; { { } ; \"");
        write("/etc/caddy/Caddyfile", "} } { `");
        assertThat(read().sites()).allSatisfy(site -> assertThat(site.server()).isEqualTo("nginx"));
    }

    private WebServers read() {
        return WebServers.read(new ForeignText(root, new TestFiles()));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
