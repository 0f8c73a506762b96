package org.outguard.procfs.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.FakeProc;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.TestFiles;

class EvidenceTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);
    private static final ProcessId WORKER = new ProcessId(777, 99);

    @TempDir
    Path folder;

    private Path root;
    private FakeProc proc;
    private EvidenceKeeper keeper;

    @BeforeEach
    void lay() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        Path passwd = folder.resolve("passwd");
        Files.writeString(passwd, "www-data:x:33:33::/var/www:/usr/sbin/nologin\n");
        keeper = new EvidenceKeeper(proc.root, root, new PasswdFile(passwd), new TestFiles(), CLOCK);
        Path program = Files.writeString(folder.resolve("program"), "ELF");
        proc.process(777, 1, 99, "x7\u001b[2J")
                .write(777, "status", "Uid:\t33\t33\t33\t33\n")
                .write(777, "cmdline", "php\0/var/www/shop/x7.php\0--password=hunter2\0")
                .write(777, "environ", "PATH=/bin\0DB_PASSWORD=hunter2\0URL=mysql://shop:hunter2@db/shop\0")
                .write(777, "maps", "")
                .write(777, "mem", "")
                .link(777, "exe", program.toString())
                .link(777, "cwd", "/var/www/shop")
                .link(777, "root", root.toString())
                .link(777, "fd/3", "socket:[4242]");
        Path shop = Files.createDirectories(root.resolve("var/www/shop"));
        Files.writeString(shop.resolve("x7.php"), "<?php flood();");
        Files.writeString(shop.resolve("\u202egnp.php"), "<?php");
    }

    @Test
    void allOfAProcessIsKeptInAFolderOfItsOwn() throws IOException {
        writeCrontab("*/5 * * * * /var/www/shop/x7.php\n");

        ProcessEvidenceResult.Kept kept = keep();

        assertThat(kept.folder()).hasFileName("p-777-20260304-050607");
        assertThat(Files.getPosixFilePermissions(kept.folder()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(kept.script()).isEqualTo("/var/www/shop/x7.php");
        assertThat(kept.folder().resolve("exe")).hasContent("ELF");
        assertThat(kept.folder().resolve("script")).hasContent("<?php flood();");
        Map<String, Object> index =
                JSON.std.mapFrom(Files.readString(kept.folder().resolve("index.json")));
        assertThat(String.valueOf(index.get("openFiles"))).contains("socket:[4242]");
        assertThat(String.valueOf(index.get("runsAgain"))).contains("crontab", "*/5 * * * * /var/www/shop/x7.php");
        assertThat(String.valueOf(index.get("newestFiles"))).contains("/var/www/shop/x7.php");
    }

    @Test
    void passwordsAreNotKept() throws IOException {
        Path kept = keep().folder();
        assertThat(Files.readString(kept.resolve("index.json")))
                .contains("DB_PASSWORD=(masked, 7 characters)", "--password=(masked", "mysql://shop:(masked)@db/shop")
                .contains("PATH=/bin")
                .doesNotContain("hunter2");
    }

    @Test
    void whatTheAttackerNamedIsNoMoreThanTextInTheIndex() throws IOException {
        Path kept = keep().folder();
        try (var files = Files.list(kept)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.matches("[a-zA-Z0-9.-]+"));
        }
        assertThat(Files.readString(kept.resolve("index.json"))).matches("[\\x20-\\x7e\\n]*");
    }

    @Test
    void nothingIsWrittenOver() {
        assertThat(keep().folder()).hasFileName("p-777-20260304-050607");
        assertThat(keep().folder()).hasFileName("p-777-20260304-050607-1");
    }

    @Test
    void anotherProcessWithTheNumberIsNotTheOne() {
        assertThat(keeper.keep(new ProcessId(777, 100), folder.resolve("kept"), ""))
                .isEqualTo(new ProcessEvidenceResult.NotKept("process 777 has ended"));
        assertThat(folder.resolve("kept")).doesNotExist();
    }

    @Test
    void aLinkOrAPipeInThePlaceOfAFileIsAGap() throws IOException {
        Path spool = Files.createDirectories(root.resolve("var/spool/cron/crontabs"));
        Files.createSymbolicLink(spool.resolve("www-data"), folder.resolve("passwd"));
        Files.delete(root.resolve("var/www/shop/x7.php"));
        Files.createSymbolicLink(root.resolve("var/www/shop/x7.php"), folder.resolve("passwd"));

        ProcessEvidenceResult.Kept kept = keep();

        assertThat(kept.gaps()).anyMatch(gap -> gap.contains("x7.php could not be copied: not a regular file"));
        assertThat(kept.folder().resolve("script")).doesNotExist();
    }

    @Test
    void whatIsLongerIsCutAndSaysSo() throws IOException {
        EvidenceFolder evidence = EvidenceFolder.make(folder.resolve("small"), "one");
        byte[] long1 = "0123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(evidence.add("a", "", new ByteArrayInputStream(long1), 4).cut())
                .isTrue();
        assertThat(evidence.add("b", "", new ByteArrayInputStream(long1), 10).cut())
                .isFalse();

        assertThat(evidence.path().resolve("a")).hasContent("0123");
        assertThat(evidence.path().resolve("b")).hasContent("0123456789");
        assertThatThrownBy(() -> evidence.add("b", "", "again")).isInstanceOf(IOException.class);
    }

    @Test
    void secretsByNameAndByPlace() {
        assertThat(SecretRedactor.maskEnvironment(
                        List.of("PWD=/x", "API_KEY=1", "EMPTY_TOKEN=", "X", "HTTP_COOKIE=a=b")))
                .containsExactly(
                        "PWD=/x",
                        "API_KEY=(masked, 1 characters)",
                        "EMPTY_TOKEN=",
                        "X",
                        "HTTP_COOKIE=(masked, 3 characters)");
        assertThat(SecretRedactor.maskArguments(List.of("mysql", "--password", "hunter2", "-h", "db")))
                .containsExactly("mysql", "--password", "(masked, 7 characters)", "-h", "db");
    }

    private void writeCrontab(String text) throws IOException {
        Path spool = Files.createDirectories(root.resolve("var/spool/cron/crontabs"));
        Files.writeString(spool.resolve("www-data"), text);
    }

    private ProcessEvidenceResult.Kept keep() {
        ProcessEvidenceResult result = keeper.keep(WORKER, folder.resolve("kept"), "o-1: flood");
        assertThat(result).isInstanceOf(ProcessEvidenceResult.Kept.class);
        return (ProcessEvidenceResult.Kept) result;
    }
}
