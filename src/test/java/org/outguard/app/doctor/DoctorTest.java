package org.outguard.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.headless.Finding;
import org.outguard.headless.FindingReport;

/** A machine in a folder; each test spoils or mends one thing of it. */
class DoctorTest {

    private static final String CLOSED_INBOUND = """
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
              }
              chain output {
                type filter hook output priority filter; policy accept;
            %s
              }
            }
            """;

    @TempDir
    Path root;

    private String rules = "";

    /** What nft refuses when it is asked to check a script with it; empty where it takes everything. */
    private String nftLacks = "";

    /** What {@code exim4 -bP} answers. */
    private String exim = "";

    @BeforeEach
    void soundMachine() throws IOException {
        write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\n");
        write("sys/kernel/btf/vmlinux", "");
        write("sys/fs/cgroup/cgroup.controllers", "");
        write("etc/postfix/main.cf", "authorized_submit_users = !www-data,\n  static:all\n");
        write("var/log/mail.log", "");
        Files.createDirectories(
                root.resolve("var/www/html"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        rules = String.format(CLOSED_INBOUND, "\t\tmeta skuid 33 meta l4proto udp counter packets 0 bytes 0 drop\n");
    }

    @Test
    void aSoundMachineHasNoFindings() {
        assertThat(ids()).isEmpty();
        assertThat(FindingReport.text(List.of())).isEqualTo("nothing found\n");
    }

    private void udpSocketAt(String address, int port) throws IOException {
        String line = String.format(
                "%n  12: %s:%04X 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 x 0", address, port);
        write("proc/net/udp", "  sl  local_address rem_address   st" + line + "\n");
    }

    @Test
    void aServiceThatAnswersTheWorldIsFoundUnlessTheFirewallClosesIt() throws IOException {
        udpSocketAt("00000000", 11_211);
        String closed = rules;
        rules = closed.replace("policy drop", "policy accept");
        assertThat(ids()).containsExactly("reflector-open");
        Finding finding = look().get(0);
        assertThat(finding.what()).contains("memcached (UDP port 11211)");
        assertThat(finding.fix()).contains("udp dport 11211", "-U 0 -l 127.0.0.1");
        rules = closed;
        assertThat(ids()).isEmpty();
        rules = closed.replace("policy drop;", "policy drop;\n udp dport { 53, 11211 } accept");
        assertThat(ids()).containsExactly("reflector-open");
    }

    @Test
    void aServiceOfTheInsideAndAClientAreNotFound() throws IOException {
        rules = rules.replace("policy drop", "policy accept");
        // 127.0.0.1, 10.0.0.1 and 192.168.1.1 in the byte order of the kernel's table.
        for (String inside : List.of("0100007F", "0100000A", "0101A8C0")) {
            udpSocketAt(inside, 53);
            assertThat(ids()).isEmpty();
        }
        udpSocketAt("00000000", 44_123);
        assertThat(ids()).isEmpty();
        write(
                "proc/net/udp6",
                " 1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07"
                        + " 00000000:00000000 00:00000000 00000000 0 0 1 2 x 0\n");
        assertThat(ids()).isEmpty();
        write(
                "proc/net/udp6",
                " 1: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07"
                        + " 00000000:00000000 00:00000000 00000000 0 0 1 2 x 0\n");
        assertThat(ids()).containsExactly("reflector-open");
    }

    @Test
    void closingWhatComesInDoesNotStopWhatGoesOut() {
        rules = String.format(CLOSED_INBOUND, "");
        Finding finding = look().get(0);
        assertThat(finding.id()).isEqualTo("outbound-open");
        assertThat(finding.what()).contains("uid 33 (www-data)", "though what comes in is closed");
        assertThat(finding.fix()).contains("nft '", "meta skuid 33");
    }

    @Test
    void aRuleForAnotherUserOrAnotherHookDoesNotCount() {
        rules = String.format(CLOSED_INBOUND, "\t\tmeta skuid 333 drop\n\t\tmeta skuid 33 accept\n");
        assertThat(ids()).containsExactly("outbound-open");
        rules =
                "table ip x {\n\tchain f {\n\t\ttype filter hook forward priority 0; policy drop;\n\t\tmeta skuid 33 drop\n\t}\n}";
        assertThat(ids()).containsExactly("outbound-open");
        rules = String.format(CLOSED_INBOUND, "\t\tmeta skuid \"www-data\" reject\n");
        assertThat(ids()).isEmpty();
        rules = "table ip x {\n\tchain o {\n\t\ttype filter hook output priority 0; policy drop;\n\t}\n}";
        assertThat(ids()).isEmpty();
    }

    @Test
    void phpThatHidesItsMailAndStartsPrograms() throws IOException {
        write(
                "etc/php/8.2/fpm/php.ini",
                "[mail]\n;mail.add_x_header = On\nmail.add_x_header = Off\ndisable_functions =\n");
        write("etc/php/8.2/fpm/pool.d/www.conf", "[www]\n;pm.status_path = /status\n");
        assertThat(ids())
                .containsExactly("php-mail-unsigned", "php-mail-log", "php-may-run-programs", "php-pool-silent");

        write("etc/php/8.2/fpm/conf.d/99.ini", """
                mail.add_x_header = On
                mail.log = syslog
                disable_functions = exec,passthru,shell_exec,system,proc_open,popen,pcntl_exec
                """);
        write("etc/php/8.2/fpm/pool.d/www.conf", "[www]\npm.status_path = /status\n");
        assertThat(ids()).isEmpty();
    }

    @Test
    void aFolderThatEverybodyMayWriteIn() throws IOException {
        Path uploads = Files.createDirectory(root.resolve("var/www/html/uploads"));
        Files.setPosixFilePermissions(uploads, PosixFilePermissions.fromString("rwxrwxrwx"));
        Finding finding = look().get(0);
        assertThat(finding.id()).isEqualTo("web-folder-writable");
        assertThat(finding.what()).contains("/var/www/html/uploads");
    }

    @Test
    void postfixThatTakesMailFromEverybody() throws IOException {
        write("etc/postfix/main.cf", "myhostname = x\n");
        assertThat(ids()).containsExactly("postfix-anyone-submits");
        write("etc/postfix/main.cf", "authorized_submit_users = static:anyone\n");
        assertThat(look().get(0).fix()).startsWith("postconf -e 'authorized_submit_users = !www-data, static:all'");
    }

    @Test
    void eximThatTakesMailFromEverybodyAndDoesNotSayFromWhere() throws IOException {
        write("etc/exim4/update-exim4.conf.conf", "dc_use_split_config='false'\n");
        exim = "acl_not_smtp = \nlog_selector = +tls_peerdn +all -arguments\n";
        assertThat(ids()).containsExactly("exim-anyone-submits", "exim-log-without-folder");
        assertThat(look().get(0).fix()).startsWith("outguard ban www-data");
        assertThat(look().get(1).fix())
                .isEqualTo("echo 'MAIN_LOG_SELECTOR = +tls_peerdn +all -arguments +arguments'"
                        + " >> /etc/exim4/exim4.conf.localmacros && update-exim4.conf");

        write("etc/exim4/update-exim4.conf.conf", "dc_use_split_config='true'\n");
        assertThat(look().get(1).fix()).contains(">> /etc/exim4/conf.d/main/000_localmacros");

        write("etc/exim4/exim4.conf", "log_selector = +tls_peerdn\n");
        assertThat(look().get(1).fix()).contains("configure_file", "log_selector = +tls_peerdn");

        exim = "acl_not_smtp = acl_check_script\nlog_selector = -all +arguments\n";
        assertThat(ids()).isEmpty();
    }

    @Test
    void eximThatDoesNotAnswerIsNoFinding() throws IOException {
        write("etc/exim4/exim4.conf", "");
        assertThat(ids()).isEmpty();
    }

    @Test
    void whatTheKernelLacks() throws IOException {
        Files.delete(root.resolve("sys/kernel/btf/vmlinux"));
        Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
        write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        write("proc/sys/net/netfilter/nf_conntrack_count", "900\n");
        write("proc/sys/net/netfilter/nf_conntrack_max", "1000\n");
        write("proc/sys/net/core/bpf_jit_enable", "0\n");
        write("proc/self/uid_map", "         0     100000      65536\n");
        assertThat(ids())
                .containsExactly("no-btf", "no-cgroup2", "lockdown", "no-bpf-jit", "user-namespace", "conntrack-full");
    }

    @Test
    void theInitialUserNamespaceIsNoContainer() throws IOException {
        write("proc/self/uid_map", "         0          0 4294967295\n");
        write("proc/sys/net/core/bpf_jit_enable", "1\n");
        assertThat(ids()).isEmpty();
    }

    @Test
    void whatNftCannotDo() {
        nftLacks = "cgroupsv2";
        assertThat(ids()).containsExactly("nft-no-cgroups");
        nftLacks = "egress";
        assertThat(ids()).containsExactly("nft-no-egress");
        nftLacks = "table";
        assertThat(ids()).as("not permitted, so nothing is known").isEmpty();
    }

    @Test
    void mailThatIsLoggedNowhere() throws IOException {
        Files.delete(root.resolve("var/log/mail.log"));
        assertThat(ids()).containsExactly("no-mail-log");
    }

    @Test
    void everyFindingHasAReasonAndACommand() throws IOException {
        whatTheKernelLacks();
        rules = "";
        assertThat(look()).hasSizeGreaterThan(4).allSatisfy(finding -> {
            assertThat(finding.what()).isNotBlank();
            assertThat(finding.why()).isNotBlank();
            assertThat(finding.fix()).isNotBlank();
        });
        assertThat(FindingReport.json(java.time.Instant.EPOCH, look()).lines())
                .hasSize(look().size())
                .allMatch(line -> line.startsWith("{\"type\":\"finding\""));
    }

    @Test
    void anAttackersFolderNameIsNoMoreThanText() throws IOException {
        Path folder = Files.createDirectory(root.resolve("var/www/html/a'; rm -rf ~; '\u001b[2J"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(look().get(0).fix()).contains("'/var/www/html/a'\\''; rm -rf ~; '\\''");
        assertThat(FindingReport.text(look())).doesNotContain("\u001b");
    }

    private List<String> ids() {
        return look().stream().map(Finding::id).toList();
    }

    private List<Finding> look() {
        CommandRunner programs = new CommandRunner() {
            @Override
            public CommandResult run(List<String> argv, String stdin, Duration limit) {
                boolean refused = argv.contains("-c") && !nftLacks.isEmpty() && stdin.contains(nftLacks);
                return new CommandResult.Finished(refused ? 1 : 0, argv.contains("-bP") ? exim : rules, "");
            }
        };
        return Doctor.look(root, programs);
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
