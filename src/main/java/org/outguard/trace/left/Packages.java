package org.outguard.trace.left;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.text.Severity;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.tree.TreeWalk;

/**
 * What dpkg(1) says of a machine's files, by its own lists: which programs differ from their package, and which set-user-ID
 * programs are of none. The lists are files as others; who is root may have changed them too.
 */
final class Packages implements LeftCheck {

    private static final String INFO = "/var/lib/dpkg/info";
    private static final int LIST_BYTES = 16 << 20;
    private static final long MOST_BYTES = 512L << 20;
    private static final long MOST_ALL_BYTES = 2L << 30;
    private static final int MAX_FOUND = 200;
    private static final int MAX_PACKAGES = 20_000;
    private static final Pattern WORTH = Pattern.compile(
            "(?:usr/)?(?:s?bin/.*|lib/[^/]+/security/.*|lib/[^/]+/lib(?:c|pam|crypt|ssl|crypto)[.-].*|lib/openssh/.*)");
    private static final List<String> TREES = List.of(
            "/usr", "/bin", "/sbin", "/opt", "/home", "/root", "/var", "/srv", "/tmp", "/dev/shm", "/etc", "/run");
    private static final Pattern OTHER_MACHINES = Pattern.compile(
            "/var/lib/(?:docker|containers|containerd|lxc|lxd|machines|flatpak|snapd|schroot)|/var/cache/pbuilder|/run/(?:docker|containerd|user).*|/snap|/var/lib/incus|/home/[^/]+/\\.local/share/containers");

    private static final Pattern SYSTEM_BELOW = Pattern.compile("(?s)(/.+?)/(?:usr/)?(?:s?bin|lib\\w*)/.+");

    private static final CheckInfo DIFFERS = new CheckInfo(
            "package-differs",
            Severity.HIGH,
            "programs in /bin, /sbin, PAM modules and the C library against the checksums of their Debian packages",
            "a program of the system that was exchanged may hide what runs, or take passwords along");
    private static final CheckInfo SETUID = new CheckInfo(
            "setuid",
            Severity.HIGH,
            "programs that run with root's rights (set-user-ID) and are of no package",
            "it is how an intruder who was root once becomes root again");

    @Override
    public List<CheckInfo> about() {
        return List.of(DIFFERS, SETUID);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        ForeignText texts = scene.texts();
        List<FileEntry> setuid = new ArrayList<>();
        TreeWalk walk = scene.walk();
        for (String tree : TREES) {
            // On most machines /bin is a link into /usr by now, and seen there.
            if (texts.entry(tree).filter(FileEntry::isFolder).isPresent()) {
                walk.walk(tree, path -> OTHER_MACHINES.matcher(path).matches(), entry -> {
                    if (entry.setUid() && entry.uid() == 0 && setuid.size() < MAX_FOUND) {
                        setuid.add(entry);
                    }
                });
            }
        }
        walk.cut().ifPresent(why -> found.accept(Walks.cut("the machine's folders", why, walk.entries())));
        List<String> info = packageFiles(scene);
        if (info.isEmpty()) {
            return;
        }
        Set<String> diverted = diverted(texts);
        differing(scene, info, diverted, found);
        Set<String> unknown = new HashSet<>();
        setuid.forEach(entry -> unknown.add(merged(entry.path())));
        for (String list : info) {
            if (!unknown.isEmpty() && list.endsWith(".list")) {
                texts.text(list, LIST_BYTES).lines().forEach(line -> unknown.remove(merged(line)));
            }
        }
        setuid.stream()
                .filter(entry -> unknown.contains(merged(entry.path())) && !diverted.contains(merged(entry.path())))
                .forEach(entry -> found.accept(setuid(scene, entry)));
    }

    private static Leftover setuid(Scene scene, FileEntry entry) {
        boolean elsewhere = !entry.path().matches("(?s)/(?:usr|bin|sbin|opt|lib)/.*") || entry.hidden();
        boolean tree = ofAnotherSystem(scene, entry.path());
        return new Leftover(
                SETUID.id(),
                elsewhere && !tree ? Severity.HIGH : Severity.MEDIUM,
                entry.path(),
                entry.path() + " runs with root's rights and is of no package",
                List.of("owner " + scene.users().name(entry.uid()) + ", mode " + entry.permissions() + ", "
                        + entry.size() + " bytes, changed " + entry.written()),
                Mend.quarantine(entry.path()));
    }

    /* A whole system below a folder, as chroot(1) and debootstrap(8) use: not where everybody may write. */
    private static boolean ofAnotherSystem(Scene scene, String path) {
        Matcher tree = SYSTEM_BELOW.matcher(path);
        return tree.matches()
                && !path.matches("(?s)/(?:tmp|var/tmp|dev/shm|run|var/www|srv/www)/.*")
                && scene.texts()
                        .entry(tree.group(1) + "/usr")
                        .filter(FileEntry::isFolder)
                        .isPresent();
    }

    /* The folder has more names than are usual. */
    private static List<String> packageFiles(Scene scene) {
        List<String> files = new ArrayList<>();
        new TreeWalk(scene.texts().root(), scene.texts().foreign(), scene.bounds(), scene.nanos(), scene.stop())
                .walk(INFO, path -> true, entry -> {
                    if (files.size() < MAX_PACKAGES * 3
                            && (entry.path().endsWith(".list") || entry.path().endsWith(".md5sums"))) {
                        files.add(entry.path());
                    }
                });
        return files;
    }

    /* Both names of a file where /bin is a link into /usr. */
    private static String merged(String path) {
        return path.matches("/(?:bin|sbin|lib\\w*)/.*") ? "/usr" + path : path;
    }

    /* Files whose place was taken by another package's (dpkg-divert(1)): three lines each. */
    private static Set<String> diverted(ForeignText texts) {
        Set<String> diverted = new HashSet<>();
        texts.text("/var/lib/dpkg/diversions", LIST_BYTES).lines().forEach(line -> diverted.add(merged(line)));
        return diverted;
    }

    private static void differing(Scene scene, List<String> info, Set<String> diverted, Consumer<Leftover> found) {
        long bytes = 0;
        int count = 0;
        long end = scene.nanos().getAsLong() + scene.bounds().time().toNanos();
        for (String sums : info) {
            if (!sums.endsWith(".md5sums")) {
                continue;
            }
            for (String line : scene.texts().text(sums, LIST_BYTES).split("\n")) {
                String[] words = line.split("  ", 2);
                if (words.length < 2
                        || words[0].length() != 32
                        || !WORTH.matcher(words[1]).matches()
                        || diverted.contains(merged("/" + words[1]))) {
                    continue;
                }
                if (scene.nanos().getAsLong() > end
                        || scene.stop().getAsBoolean()
                        || bytes > MOST_ALL_BYTES
                        || count >= MAX_FOUND) {
                    found.accept(Walks.cut("the packages", "it took too long, or too much was read", count));
                    return;
                }
                String path = "/" + words[1];
                var entry = scene.texts().entry(path).filter(FileEntry::isFile);
                bytes += entry.map(FileEntry::size).orElse(0L);
                String digest = entry.flatMap(one -> scene.texts().digest(path, "MD5", MOST_BYTES))
                        .orElse(words[0]);
                if (!digest.equals(words[0])) {
                    count++;
                    String name = sums.substring(INFO.length() + 1).replaceFirst("\\.md5sums$", "");
                    found.accept(new Leftover(
                            DIFFERS.id(),
                            Severity.HIGH,
                            path,
                            path + " is not the file of its package " + name,
                            List.of(
                                    "MD5 " + digest + ", by the package " + words[0],
                                    "changed " + entry.orElseThrow().written()),
                            Mend.byHand(
                                    "apt-get install --reinstall " + name.replaceFirst(":.*", ""),
                                    "none; keep the file first: "
                                            + Mend.quarantine(path).command())));
                }
            }
        }
    }
}
