package org.outguard.headless.evidence;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.flow.Endpoint;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.ndjson.OwnerJson;
import org.outguard.owner.Owner;
import org.outguard.text.SafeText;

/**
 * Keeps the packets of each offender in a pcapng file of its own, once, when it turns OFFENDING. The packets are those to
 * its destinations: where others send to the same ones, theirs are among them. One thread; it writes to the disk.
 */
public final class EvidenceWriter {

    /** Packets of one file. */
    public static final int MAX_PACKETS = 256;

    /** Files of evidence in the folder, those of earlier runs included. */
    public static final int MAX_FILES = 100;

    /** Snapshots for which packets are waited for. */
    private static final int MAX_TRIES = 20;

    private static final int MAX_ARGS_CHARS = 1_024;
    private static final int MAX_SUFFIX = 99;
    private static final Pattern ID = Pattern.compile("o-[0-9a-z][0-9a-z-]{0,40}");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path folder;
    private final EvidenceStore store;

    /** Tries so far of the talkers in the newest snapshot; {@link #MAX_TRIES} where there is nothing left to do. */
    private Map<String, Integer> tries = new HashMap<>();

    /**
     * A writer.
     *
     * @param folder made, with access for us only, where it is missing
     * @param store where the packets are
     */
    public EvidenceWriter(Path folder, EvidenceStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** Writes what is new in this snapshot; mostly nothing. */
    public List<EvidenceResult> accept(Snapshot snapshot) {
        List<EvidenceResult> results = new ArrayList<>();
        Map<String, Integer> next = new HashMap<>();
        for (Talker talker : snapshot.talkers()) {
            int tried = tries.getOrDefault(talker.id(), 0);
            if (talker.verdict() == Verdict.OFFENDING && tried < MAX_TRIES) {
                tried = attempt(talker, tried + 1, results);
            }
            if (tried > 0) {
                next.put(talker.id(), tried);
            }
        }
        tries = next;
        return results;
    }

    /** Writes the packets of one talker now, whatever its verdict. */
    public EvidenceResult export(Talker talker) {
        List<EvidenceStore.Packet> packets = store.packetsTo(remotes(talker), MAX_PACKETS);
        return packets.isEmpty()
                ? new EvidenceResult.NotKept(talker.id(), "the capture keeps none of its packets")
                : keep(talker, packets);
    }

    private static Set<Endpoint> remotes(Talker talker) {
        return talker.remotes().stream().map(Talker.RemoteTotal::remote).collect(Collectors.toSet());
    }

    private int attempt(Talker talker, int tried, List<EvidenceResult> results) {
        List<EvidenceStore.Packet> packets = store.packetsTo(remotes(talker), MAX_PACKETS);
        if (packets.isEmpty()) {
            if (tried == MAX_TRIES) {
                results.add(new EvidenceResult.NotKept(talker.id(), "the capture keeps none of its packets"));
            }
            return tried;
        }
        results.add(keep(talker, packets));
        return MAX_TRIES;
    }

    private EvidenceResult keep(Talker talker, List<EvidenceStore.Packet> packets) {
        if (!ID.matcher(talker.id()).matches()) {
            throw new IllegalArgumentException("not an id of ours: " + SafeText.clean(talker.id()));
        }
        try {
            Files.createDirectories(folder, attribute("rwx------"));
            if (files() >= MAX_FILES) {
                return new EvidenceResult.NotKept(
                        talker.id(), "there are " + MAX_FILES + " files of evidence in " + folder + " already");
            }
            for (int suffix = 0; suffix <= MAX_SUFFIX; suffix++) {
                Path file = folder.resolve(talker.id() + (suffix == 0 ? "" : "-" + suffix) + ".pcapng");
                try {
                    write(file, talker, packets);
                    return new EvidenceResult.Kept(talker.id(), file, packets.size());
                } catch (FileAlreadyExistsException e) {
                    /* Never written over, and never followed where it is a link: the next name. */
                }
            }
            return new EvidenceResult.NotKept(talker.id(), "every name for it is taken in " + folder);
        } catch (IOException e) {
            return new EvidenceResult.NotKept(talker.id(), e.toString());
        }
    }

    private int files() throws IOException {
        int files = 0;
        try (DirectoryStream<Path> there = Files.newDirectoryStream(folder, "o-*.pcapng")) {
            for (Path ignored : there) {
                files++;
            }
        }
        return files;
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /* CREATE_NEW is O_EXCL of open(2). */
    private static void write(Path file, Talker talker, List<EvidenceStore.Packet> packets) throws IOException {
        var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            String comment = talker.attribution()
                    .knownOwner()
                    .map(EvidenceWriter::comment)
                    .orElse("");
            Pcapng pcapng = new Pcapng(out);
            pcapng.header();
            for (EvidenceStore.Packet packet : packets) {
                pcapng.packet(packet, SafeText.clean(packet.source()), comment);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** In the form of ptcpdump, whose readers look for it. */
    private static String comment(Owner owner) {
        String program = owner.exe().isEmpty() ? owner.command() : owner.exe();
        return "PID: " + owner.id().number()
                + "\nCmd: " + SafeText.clean(program)
                + "\nArgs: " + OwnerJson.commandLine(owner.commandLine(), MAX_ARGS_CHARS);
    }
}
