package org.outguard.guard.contact;

import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Owner;

/** Tells programs that lie where no service is installed, or hide what they are. */
final class OddProgram {

    /** Names of kernel threads (ps(1) has them in brackets), which have no arguments and no program. */
    private static final Pattern KERNEL_THREAD = Pattern.compile(
            "\\[?(?:kworker/|kthreadd\\b|ksoftirqd/|migration/|rcu_|kswapd\\d|kdevtmpfs\\b|khungtaskd\\b|oom_reaper\\b"
                    + "|kcompactd\\d|khugepaged\\b|ksmd\\b|kblockd\\b|kauditd\\b|kintegrityd\\b|jbd2/|scsi_eh_|cpuhp/|watchdogd\\b"
                    + "|idle_inject/|mm_percpu_wq|kthrotld\\b|irq/|netns\\]|bioset\\b|crypto\\]|md\\d*\\]).*",
            Pattern.DOTALL);

    /** Where everybody may write. */
    private static final Pattern TEMPORARY =
            Pattern.compile("/(?:tmp|var/tmp|dev/shm|run/shm|dev/mqueue|var/lock)/.*", Pattern.DOTALL);

    /** Where web servers look for sites. */
    private static final Pattern WEB_ROOT = Pattern.compile(
            "/(?:var/www|srv/www|srv/http|usr/share/nginx/html|usr/local/www|var/lib/nginx/html|opt/lampp/htdocs)/.*"
                    + "|/(?:home|home\\d|var/www/vhosts|usr/home)/.*/(?:public_html|httpdocs|htdocs|www|web|wwwroot)/.*",
            Pattern.DOTALL);

    /** A file that has no name in any folder (memfd_create(2)). */
    private static final Pattern IN_MEMORY = Pattern.compile("/memfd:.*", Pattern.DOTALL);

    /** What packages bring, whose files are all new after an update. */
    private static final Pattern OF_PACKAGES =
            Pattern.compile("/(?:usr|bin|sbin|lib\\w*|opt|snap|nix|gnu|app)/.*", Pattern.DOTALL);

    /** A program is new on a machine for so long. */
    private static final long NEW_NANOS = 24 * 3_600 * Nanos.PER_SECOND;

    private OddProgram() {}

    /**
     * What is odd about a program, in words; empty where nothing is.
     *
     * @param nowNanos nanoseconds since the epoch
     */
    static Optional<String> of(Owner owner, long nowNanos) {
        boolean program = !owner.exe().isEmpty() || !owner.commandLine().isEmpty();
        if (IN_MEMORY.matcher(owner.exe()).matches()) {
            return Optional.of("runs from memory (memfd), without a file");
        }
        if (program && (isKernelThread(owner.command()) || isMasked(owner))) {
            return Optional.of("has the name of a kernel thread and is none");
        }
        if (TEMPORARY.matcher(owner.exe()).matches()) {
            return Optional.of("lies in " + folder(owner.exe()) + ", where everybody may write");
        }
        if (WEB_ROOT.matcher(owner.exe()).matches()) {
            return Optional.of("lies in a web server's folder, " + folder(owner.exe()));
        }
        if (TEMPORARY.matcher(owner.script()).matches()) {
            return Optional.of("runs a script in " + folder(owner.script()) + ", where everybody may write");
        }
        boolean foreign = !owner.exe().isEmpty()
                && owner.container().isEmpty()
                && !OF_PACKAGES.matcher(owner.exe()).matches();
        if (foreign && owner.exeDeleted()) {
            return Optional.of("was deleted while it runs");
        }
        return owner.exeSince()
                .filter(since -> foreign && nowNanos - Nanos.of(since) < NEW_NANOS)
                .map(since -> "is new on this machine, since " + since.truncatedTo(ChronoUnit.SECONDS));
    }

    private static boolean isMasked(Owner owner) {
        return !owner.commandLine().isEmpty()
                && owner.commandLine().get(0).startsWith("[")
                && isKernelThread(owner.commandLine().get(0));
    }

    private static boolean isKernelThread(String name) {
        return KERNEL_THREAD.matcher(name).matches();
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
