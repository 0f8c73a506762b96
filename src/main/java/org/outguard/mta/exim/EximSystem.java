package org.outguard.mta.exim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailHost;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystemContext;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.QueueReader;
import org.outguard.mta.SpoolReader;
import org.outguard.mta.UserNames;

/** The Exim of this machine. */
public final class EximSystem implements MailSystem {

    private static final List<String> PROGRAMS =
            List.of("/usr/sbin/exim4", "/usr/sbin/exim", "/usr/local/sbin/exim", "/usr/exim/bin/exim");
    private static final int MOST_TEXT = 256 * 1024;

    private final EximProgram program;
    private final Path spool;
    private final EximLayout layout;
    private final EximHooks hooks;
    private final EximDaemon daemon;
    private final MailSystemContext context;
    private final ProgramCalls calls;

    /** Empty where it logs by syslog alone. */
    private final String log;

    private final Set<Integer> uids;

    private EximSystem(EximProgram program, Map<String, String> options, MailSystemContext context) throws IOException {
        MailHost host = context.host();
        this.program = program;
        this.context = context;
        this.spool = host.path(Path.of(options.getOrDefault("spool_directory", "/var/spool/exim4")));
        int ownUid = (Integer) Files.getAttribute(spool, "unix:uid");
        this.layout = new EximLayout(spool, ownUid, context.users(), host);
        this.hooks = new EximHooks(
                host.realPath(Path.of(options.getOrDefault("configure_file", "/etc/exim4/exim4.conf"))), host);
        this.calls = context.calls();
        this.log = mainLog(options.getOrDefault("log_file_path", ""));
        this.daemon = new EximDaemon(program, calls, log);
        this.uids = uids(options.getOrDefault("exim_user", ""), ownUid, context.users());
    }

    /* A name, a number, or what Exim was built with; the spool is its own in any case. */
    private static Set<Integer> uids(String user, int ownUid, UserNames users) {
        int named = user.matches("\\d{1,9}")
                ? Integer.parseInt(user)
                : users.uidOf(user).orElse(ownUid);
        return named == ownUid ? Set.of(ownUid) : Set.of(ownUid, named);
    }

    @Override
    public MailHost host() {
        return context.host();
    }

    @Override
    public Optional<Path> log() {
        return log.isEmpty() ? Optional.empty() : Optional.of(Path.of(log));
    }

    @Override
    public Set<Integer> uids() {
        return uids;
    }

    /* A list of paths with %s for the kind of log; one that is empty, or "syslog", is none. */
    private static String mainLog(String paths) {
        for (String path : paths.split("\\s*:\\s*")) {
            if (path.startsWith("/")) {
                return path.replace("%slog", "mainlog").replace("%s", "main");
            }
        }
        return "";
    }

    /** Exim as a list of one; empty where there is none. */
    public static List<MailSystem> all(MailSystemContext context) {
        return find(Optional.empty(), context);
    }

    /** The Exim that reads this configuration instead of its own, as a list of one; empty where there is none. */
    public static List<MailSystem> by(Path configuration, MailSystemContext context) {
        return find(Optional.of(configuration), context);
    }

    /* What runs is asked before what is installed: a panel's Exim may have another place, or another configuration. */
    private static List<MailSystem> find(Optional<Path> configuration, MailSystemContext context) {
        if (configuration.isEmpty()) {
            for (EximProgram running : EximProgram.running(context.host())) {
                List<MailSystem> found = asked(running, context);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        for (String program : PROGRAMS) {
            if (context.host().exists(Path.of(program))) {
                return asked(new EximProgram(program, configuration), context);
            }
        }
        return List.of();
    }

    private static List<MailSystem> asked(EximProgram program, MailSystemContext context) {
        ProgramCalls calls = context.calls();
        Said said =
                calls.call(program.argv("-bP", "spool_directory", "log_file_path", "exim_user", "configure_file"), "");
        Map<String, String> options = new HashMap<>();
        said.out().lines().forEach(line -> {
            String[] parts = line.split(" =", 2);
            options.put(
                    parts.length == 2 ? parts[0].strip() : "configure_file",
                    parts.length == 2 ? parts[1].strip() : parts[0].strip());
        });
        try {
            return said.ok() ? List.of(new EximSystem(program, options, context)) : List.of();
        } catch (IOException e) {
            // Installed, and never started: it has no spool.
            return List.of();
        }
    }

    @Override
    public String instance() {
        return context.host().instance(EximLayout.INSTANCE);
    }

    @Override
    public QueueReader reader() {
        Path input = spool.resolve("input");
        // Exim makes it with its first message; where we may not look, it is neither readable nor known to be missing.
        if (Files.isReadable(input) || Files.notExists(input)) {
            ParallelHeaderReader heads = new ParallelHeaderReader(context.helpers(), context.ticker());
            return new SpoolReader(
                    instance(), "spool files in " + spool, layout, heads, context.clock(), context.ticker());
        }
        return new EximListReader(program, calls, context.clock(), context.ticker());
    }

    @Override
    public String text(QueueId id, boolean body) {
        String text = calls.call(program.argv("-Mvh", id.id()), "").out();
        if (body) {
            text += "\n" + calls.call(program.argv("-Mvb", id.id()), "").out();
        }
        return text.substring(0, Math.min(text.length(), MOST_TEXT));
    }

    @Override
    public Set<String> relayHosts() {
        return RouteList.hosts(calls.call(program.argv("-bP", "routers"), "").out());
    }

    @Override
    public DeliveryFiles deliveries() {
        return new BodyFiles(spool.resolve("input"), layout);
    }

    @Override
    public MessageActions messages() {
        return new EximMessages(program, layout, calls);
    }

    @Override
    public SubmissionActions submission() {
        return new EximSubmission(program, hooks, daemon, new LoopbackBan(calls), context.users(), calls);
    }
}
