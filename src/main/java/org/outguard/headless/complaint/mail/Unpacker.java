package org.outguard.headless.complaint.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What is in a gzip or zip file. What it unpacks to is bounded, whatever its header says, so a bomb costs no more than a mail. */
final class Unpacker {

    private static final int MAX_ENTRIES = 100;

    private Unpacker() {}

    /** A file that was packed. */
    record Packed(String name, byte[] bytes) {}

    /**
     * What came out.
     *
     * @param files whole, or their beginnings
     * @param cut whether there was more
     */
    record Result(List<Packed> files, boolean cut) {}

    /** Whether it is packed, by its first bytes (RFC 1952; APPNOTE.TXT, 4.3.7). */
    static boolean isPacked(byte[] bytes) {
        return isGzip(bytes) || isZip(bytes);
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 18 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }

    private static boolean isZip(byte[] bytes) {
        return bytes.length > 30 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
    }

    /**
     * Unpacks it.
     *
     * @param most bytes of all files together
     */
    static Result open(String name, byte[] bytes, int most) {
        List<Packed> files = new ArrayList<>();
        boolean cut = false;
        if (isGzip(bytes)) {
            String inner = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                cut = take(inner, in, most, files);
            } catch (IOException e) {
                cut = true;
            }
            return new Result(files, cut);
        }
        int left = most;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (files.size() >= MAX_ENTRIES || left <= 0) {
                    cut = true;
                    break;
                }
                if (!entry.isDirectory()) {
                    cut |= take(entry.getName(), in, left, files);
                    left -= files.get(files.size() - 1).bytes().length;
                    if (cut) {
                        break;
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // Damaged or encrypted: what came out before is read.
            cut = true;
        }
        return new Result(files, cut);
    }

    /* Reads on in small steps: readNBytes keeps what came before an exception out of reach. */
    private static boolean take(String name, InputStream in, int most, List<Packed> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] step = new byte[8192];
        boolean cut = false;
        try {
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                if (out.size() + read > most) {
                    cut = true;
                    break;
                }
                out.write(step, 0, read);
            }
        } catch (IOException e) {
            cut = true;
        }
        files.add(new Packed(name, out.toByteArray()));
        return cut;
    }
}
