package org.outguard.mta.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.RootedHost;
import org.outguard.mta.UserNames;

/** Each panel is known by its files, and says whose a domain is. */
class PanelsTest {

    @TempDir
    Path root;

    private final CommandRunner none = (argv, stdin, limit) -> new CommandResult.NotFound("no " + argv.get(0));

    private final UserNames users = new UserNames() {
        @Override
        public String nameOf(int uid) {
            return "user" + uid;
        }

        @Override
        public OptionalInt uidOf(String user) {
            return OptionalInt.empty();
        }
    };

    private Optional<Panel> found() {
        return Panels.found(new ProgramCalls(none, new RootedHost(root)), users);
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private Panel panel(String name) {
        Panel panel = found().orElseThrow();
        assertThat(panel.name()).isEqualTo(name);
        return panel;
    }

    @Test
    void aMachineWithoutOneHasNone() throws IOException {
        file("/etc/exim.conf", "");
        assertThat(found()).isEmpty();
    }

    @Test
    void cPanel() throws IOException {
        file("/usr/local/cpanel/version", "11.126.0.4\n");
        file("/etc/trueuserdomains", "florist.example: florist\n");
        file("/etc/userdomains", "*: nobody\nFlowers.example: florist\nflorist.example: florist\n");
        file("/etc/outgoing_mail_suspended_users", "baker\n");
        Panel panel = panel("cPanel");
        assertThat(panel.accounts())
                .containsExactlyInAnyOrderEntriesOf(Map.of("florist.example", "florist", "flowers.example", "florist"));
        Panel.OutgoingSwitch own = panel.outgoing("florist").orElseThrow();
        assertThat(own.stopping()).isEqualTo("/usr/local/cpanel/bin/whmapi1 suspend_outgoing_email user=florist");
        assertThat(own.isStopped()).isFalse();
        assertThat(own.stop()).hasValueSatisfying(problem -> assertThat(problem).contains("whmapi1"));
        assertThat(panel.outgoing("Rose@flowers.example").orElseThrow().resuming())
                .isEqualTo("/usr/local/cpanel/bin/uapi --user=florist Email unsuspend_outgoing"
                        + " email=Rose@flowers.example");
        assertThat(panel.outgoing("www-data")).isEmpty();
        assertThat(panel.outgoing("x@elsewhere.example")).isEmpty();
    }

    @Test
    void directAdminIsUndoneToTheByte() throws IOException {
        file("/usr/local/directadmin/conf/directadmin.conf", "");
        file("/etc/virtual/domainowners", "florist.example: florist\nbad line\n");
        file(
                "/etc/exim.conf",
                "x = lsearch;/etc/virtual/blacklist_script_usernames\ny = lsearch;/etc/virtual/blacklist_usernames\n");
        file("/etc/virtual/blacklist_script_usernames", "\n other\nbaker");
        Panel.OutgoingSwitch own = panel("DirectAdmin").outgoing("florist").orElseThrow();
        Optional<String> before = own.before();
        assertThat(own.stop()).isEmpty();
        assertThat(own.isStopped()).isTrue();
        assertThat(text("/etc/virtual/blacklist_script_usernames")).isEqualTo("\n other\nbaker\nflorist\n");
        assertThat(own.resume(before)).isEmpty();
        assertThat(text("/etc/virtual/blacklist_script_usernames")).isEqualTo("\n other\nbaker");
        assertThat(root.resolve("etc/virtual/blacklist_usernames")).doesNotExist();

        assertThat(own.stop()).isEmpty();
        file("/etc/virtual/blacklist_script_usernames", text("/etc/virtual/blacklist_script_usernames") + "late\n");
        assertThat(own.resume(before)).isEmpty();
        assertThat(text("/etc/virtual/blacklist_script_usernames"))
                .as("what somebody else added meanwhile stays")
                .isEqualTo("\n other\nbaker\nlate\n");
        file("/etc/exim.conf", "");
        assertThat(panel("DirectAdmin").outgoing("florist"))
                .as("lists that nobody asks are no switch")
                .isEmpty();
    }

    @Test
    void hestiaAndVesta() throws IOException {
        for (String name : List.of("hestia", "vesta")) {
            String home = "/usr/local/" + name;
            Files.deleteIfExists(root.resolve("usr/local/hestia/conf/hestia.conf"));
            file(home + "/conf/" + name + ".conf", "");
            file(home + "/data/users/notary/mail.conf", "DOMAIN='deeds.example' SUSPENDED='no'\n");
            file(home + "/data/users/notary/web.conf", "DOMAIN='www.deeds.example' IP='192.0.2.1'\n");
            file(home + "/data/users/notary/mail/deeds.example.conf", "ACCOUNT='desk' SUSPENDED='no'\n");
            Panel panel = panel(name.equals("hestia") ? "HestiaCP" : "VestaCP");
            assertThat(panel.accounts()).containsEntry("deeds.example", "notary");
            assertThat(panel.outgoing("desk@deeds.example").orElseThrow().stopping())
                    .isEqualTo(home + "/bin/v-suspend-mail-account notary deeds.example desk");
            assertThat(panel.outgoing("nobody@deeds.example")).isEmpty();
            assertThat(panel.outgoing("notary")).isEmpty();
        }
    }

    @Test
    void thoseWithoutASwitchOfTheirOwn() throws IOException {
        file("/etc/iredmail-release", "1.6.8\n");
        assertThat(panel("iRedMail").outgoing("a@deeds.example")).isEmpty();
        file("/etc/webmin/virtual-server/config", "");
        file("/etc/webmin/virtual-server/domains/1712", "id=1712\ndom=Deeds.example\nuser=notary\n");
        assertThat(panel("Virtualmin").accounts()).isEqualTo(Map.of("deeds.example", "notary"));
        file("/usr/local/ispconfig/server/lib/config.inc.php", "");
        Files.createDirectories(root.resolve("var/www"));
        Files.createSymbolicLink(root.resolve("var/www/deeds.example"), Path.of("/var/www/clients/client3/web7/"));
        assertThat(panel("ISPConfig").accounts()).isEqualTo(Map.of("deeds.example", "client3/web7"));
        file("/usr/local/psa/version", "18.0.57\n");
        Files.createDirectories(root.resolve("var/www/vhosts/deeds.example"));
        Files.setAttribute(root.resolve("var/www/vhosts/deeds.example"), "unix:uid", 10_004);
        assertThat(panel("Plesk").accounts()).isEqualTo(Map.of("deeds.example", "user10004"));
    }

    private String text(String path) throws IOException {
        return Files.readString(root.resolve(path.substring(1)));
    }
}
