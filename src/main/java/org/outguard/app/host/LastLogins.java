package org.outguard.app.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.outguard.flow.IpAddress;
import org.outguard.procfs.ProcFile;

/**
 * Where people logged in from last: wtmp (utmp(5)), and sessions of systemd-logind that are open. Both are written by programs
 * with rights of their own.
 */
final class LastLogins {

    private static final int MOST = 32;
    private static final int RECORDS = 1_024;
    private static final int MAX_BYTES = 16_384;

    /* struct utmp of glibc (bits/utmp.h): times of 32 bits where programs of 32 bits run, too, and of 64 bits elsewhere. */
    private static final boolean WIDE = System.getProperty("os.arch", "").equals("aarch64");

    static final int RECORD = WIDE ? 400 : 384;
    static final int ADDRESS = WIDE ? 360 : 348;
    private static final short USER_PROCESS = 7;

    private LastLogins() {}

    /**
     * The last different addresses, the newest first.
     *
     * @param wtmp file of logins
     * @param sessions folder of open sessions
     */
    static Set<IpAddress> read(Path wtmp, Path sessions) {
        Set<IpAddress> found = new LinkedHashSet<>();
        open(sessions, found);
        ended(wtmp, found);
        return found;
    }

    private static void open(Path sessions, Set<IpAddress> found) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(sessions)) {
            for (Path file : files) {
                ProcFile.text(file, MAX_BYTES)
                        .orElse("")
                        .lines()
                        .filter(line -> line.startsWith("REMOTE_HOST="))
                        .flatMap(line -> IpAddress.parse(line.substring(12).strip()).stream())
                        .forEach(address -> add(address, found));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No systemd-logind.
        }
    }

    private static void ended(Path wtmp, Set<IpAddress> found) {
        ByteBuffer records = ByteBuffer.allocate(RECORDS * RECORD).order(ByteOrder.nativeOrder());
        try (FileChannel file = FileChannel.open(wtmp)) {
            long whole = file.size() / RECORD;
            long first = Math.max(0, whole - RECORDS);
            records.limit((int) (whole - first) * RECORD);
            long at = first * RECORD;
            int got = 0;
            while (records.hasRemaining() && got >= 0) {
                got = file.read(records, at + records.position());
            }
        } catch (IOException e) {
            // Newer systems have none.
            return;
        }
        for (int at = records.position() / RECORD * RECORD - RECORD; at >= 0; at -= RECORD) {
            if (records.getShort(at) == USER_PROCESS) {
                byte[] address = Arrays.copyOfRange(records.array(), at + ADDRESS, at + ADDRESS + 16);
                boolean v4 = Arrays.equals(address, 4, 16, new byte[12], 0, 12);
                add(IpAddress.of(v4 ? Arrays.copyOf(address, 4) : address), found);
            }
        }
    }

    private static void add(IpAddress address, Set<IpAddress> found) {
        if (found.size() < MOST && !address.unspecified() && !address.loopback()) {
            found.add(address);
        }
    }
}
