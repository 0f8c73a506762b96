package org.outguard.procfs.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.ForeignFiles;
import org.outguard.procfs.OpenFiles;
import org.outguard.procfs.OpenSocket;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.PersistenceScanner;
import org.outguard.procfs.ProcFile;
import org.outguard.procfs.ProcessFacts;

/**
 * Keeps what is known of a process before it is ended, since most of it ends with it: its program (also one whose file is
 * gone), memory map, open files and sockets, the request that it serves, and what would start it again. The process
 * should stand still meanwhile. For one thread at a time.
 */
public final class EvidenceKeeper implements ProcessEvidence {

    private static final long MAX_EXE_BYTES = 64L << 20;
    private static final long MAX_SCRIPT_BYTES = 4L << 20;
    private static final long MAX_TEXT_BYTES = 4L << 20;
    private static final int MAX_ENVIRON_BYTES = 1 << 20;
    /** After so long no further file is begun: the process stands still meanwhile, and is to be ended. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final int LISTED_FILES = 50;
    private static final int COPIED_FILES = 10;
    /** Files of /proc/PID that are kept beside its program. */
    public static final List<String> TEXTS = List.of("status", "stat", "cgroup", "limits", "mountinfo", "maps");

    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .enable(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .build();

    private final Path proc;
    private final ProcessFacts facts;
    private final PasswdFile users;
    private final PersistenceScanner persistenceScanner;
    private final FpmStatus fpm;
    private final ForeignFiles foreign;
    private final Path root;
    private final Clock clock;

    /**
     * @param proc where proc(5) is mounted
     * @param root where the machine's own files are: {@code /}
     * @param users names and homes of users
     * @param foreign opens the files of users
     * @param clock for names and times
     */
    public EvidenceKeeper(Path proc, Path root, PasswdFile users, ForeignFiles foreign, Clock clock) {
        this.proc = proc;
        this.facts = new ProcessFacts(proc, users);
        this.users = users;
        this.persistenceScanner = new PersistenceScanner(root, foreign);
        this.foreign = foreign;
        this.root = root;
        this.fpm = new FpmStatus(root);
        this.clock = clock;
    }

    @Override
    public ProcessEvidenceResult keep(ProcessId id, Path parent, String why) {
        Optional<Owner> owner = facts.read(id.pid()).filter(found -> found.id().equals(id));
        if (owner.isEmpty()) {
            return new ProcessEvidenceResult.NotKept("process " + id.pid() + " has ended");
        }
        Instant now = clock.instant();
        try {
            EvidenceFolder folder =
                    EvidenceFolder.make(parent.toAbsolutePath(), "p-" + id.pid() + "-" + NAME_TIME.format(now));
            return new Taking(owner.get(), folder, now, why).all();
        } catch (IOException e) {
            return new ProcessEvidenceResult.NotKept("evidence cannot be kept in " + parent + ": " + e.getMessage());
        }
    }

    /** One process on its way into one folder. */
    private final class Taking {

        private final Owner owner;
        private final Path process;
        private final EvidenceFolder folder;
        private final ForeignFiles.Reader user;
        private final Instant until;
        private final List<String> gaps = new ArrayList<>();
        private final Map<String, Object> index = new LinkedHashMap<>();

        Taking(Owner owner, EvidenceFolder folder, Instant now, String why) {
            this.owner = owner;
            this.process = proc.resolve(Integer.toString(owner.pid()));
            this.folder = folder;
            this.user = ProcessFacts.rights(process, owner.uid());
            this.until = now.plus(LONGEST);
            index.put("taken", now.toString());
            index.put("why", why);
        }

        ProcessEvidenceResult all() throws IOException {
            index.put("process", EvidenceIndex.process(owner));
            String hash = exe();
            texts();
            files();
            String script = request();
            script(script);
            again();
            index.put("gaps", gaps);
            index.put("files", EvidenceIndex.exhibits(folder.exhibits()));
            folder.add("index.json", "", ASCII.asString(index) + "\n");
            folder.seal();
            return new ProcessEvidenceResult.Kept(
                    folder.path(), folder.exhibits().size(), hash, script, gaps);
        }

        /* The link leads to the program itself even where its file is deleted (proc(5)). */
        private String exe() {
            try (InputStream in = ProcFile.open(process.resolve("exe"))) {
                String source = owner.exe() + (owner.exeDeleted() ? " (deleted)" : "");
                EvidenceFolder.Exhibit copy = folder.add("exe", source, in, MAX_EXE_BYTES);
                if (copy.cut()) {
                    gaps.add("the program is longer than what was kept of it; the hash is that of the part");
                }
                index.put("exeSha256", copy.sha256());
                return copy.sha256();
            } catch (IOException e) {
                gaps.add("the program could not be copied: " + e.getMessage());
                return "";
            }
        }

        private void texts() {
            for (String name : TEXTS) {
                try (InputStream in = ProcFile.open(process.resolve(name))) {
                    folder.add(name, process.resolve(name).toString(), in, MAX_TEXT_BYTES);
                } catch (IOException e) {
                    gaps.add(name + " could not be read: " + e.getMessage());
                }
            }
            Optional<String> environ = ProcFile.text(process.resolve("environ"), MAX_ENVIRON_BYTES);
            if (environ.isEmpty()) {
                gaps.add("its environment could not be read");
            }
            List<String> variables = environ.orElse("").isEmpty()
                    ? List.of()
                    : List.of(environ.get().split("\0"));
            index.put("environment", SecretRedactor.maskEnvironment(variables));
        }

        private void files() {
            OpenFiles open = OpenFiles.of(process);
            index.put(
                    "openFiles",
                    open.files().stream()
                            .map(file -> file.number() + " -> " + file.target())
                            .toList());
            if (open.more()) {
                gaps.add("it has more than " + OpenFiles.MAX_FILES + " files open; the rest is not listed");
            }
            index.put(
                    "sockets",
                    OpenSocket.of(process, open.sockets()).stream()
                            .map(OpenSocket::toString)
                            .toList());
        }

        /* What the web server says of the request, then the worker's own memory, then its arguments. */
        private String request() {
            String script = owner.script().startsWith("/") ? owner.script() : "";
            Optional<Map<String, Object>> status = fpm.of(owner);
            if (status.isPresent()) {
                index.put("fpmStatus", status.get());
                script = String.valueOf(status.get().getOrDefault("script", script));
            }
            Optional<RequestMemory.Found> memory = RequestMemory.search(process);
            if (memory.isEmpty()) {
                gaps.add("its memory could not be read");
                return script;
            }
            index.put("requestInMemory", memory.get().values());
            if (memory.get().cut()) {
                gaps.add("only the first " + RequestMemory.MAX_BYTES + " bytes of its memory were looked through");
            }
            List<String> named = memory.get().values().getOrDefault("SCRIPT_FILENAME", List.of());
            return script.isEmpty() && !named.isEmpty() ? named.get(0) : script;
        }

        /*
         * By /proc/PID/root, so that a path within a container is found where it is, and with the rights of its user: what
         * that user may not read is not the script, whatever the arguments say.
         */
        private void script(String script) {
            Path top = process.resolve("root");
            String folderOfScript = script.startsWith("/") ? script.substring(0, script.lastIndexOf('/')) : owner.cwd();
            if (script.startsWith("/")) {
                copy("script", top, script.substring(1), Optional.of(user), script, MAX_SCRIPT_BYTES);
            }
            if (folderOfScript.startsWith("/")) {
                newest(top, folderOfScript);
            }
        }

        private void newest(Path top, String place) {
            try (ForeignFiles.Folder opened = foreign.folder(top, place.substring(1), Optional.of(user))) {
                List<NewestFiles.Entry> newest = NewestFiles.of(opened.path(), LISTED_FILES);
                List<Map<String, Object>> listed = new ArrayList<>();
                newest.forEach(entry -> listed.add(EvidenceIndex.file(entry, place + "/" + name(entry))));
                index.put("newestFiles", listed);
                for (int i = 0; i < Math.min(COPIED_FILES, newest.size()); i++) {
                    String name = name(newest.get(i));
                    String path = place + "/" + name;
                    copy("newest-" + (i + 1), opened.path(), name, Optional.of(user), path, MAX_SCRIPT_BYTES);
                }
            } catch (IOException e) {
                gaps.add(place + " could not be listed: " + e.getMessage());
            }
        }

        private static String name(NewestFiles.Entry entry) {
            return String.valueOf(entry.path().getFileName());
        }

        private void again() {
            List<PersistenceScanner.Place> places =
                    persistenceScanner.of(owner.uid(), owner.user(), users.homeOf(owner.uid()), owner.unit(), user);
            index.put("runsAgain", places.stream().map(EvidenceIndex::place).toList());
            int number = 0;
            for (PersistenceScanner.Place place : places) {
                String below = root.relativize(place.file()).toString();
                copy(
                        "runs-again-" + ++number,
                        root,
                        below,
                        place.reader(),
                        place.file().toString(),
                        MAX_TEXT_BYTES);
            }
        }

        private void copy(
                String name,
                Path top,
                String below,
                Optional<ForeignFiles.Reader> reader,
                String called,
                long maxBytes) {
            if (clock.instant().isAfter(until)) {
                gaps.add(called + " was left out: gathering evidence had taken " + LONGEST.toSeconds() + " s");
                return;
            }
            try (InputStream in = foreign.open(top, below, reader)) {
                if (folder.add(name, called, in, maxBytes).cut()) {
                    gaps.add(called + " is longer than what was kept of it");
                }
            } catch (IOException e) {
                gaps.add(called + " could not be copied: " + e.getMessage());
            }
        }
    }
}
