package org.outguard.mta.postfix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

/** One instance of Postfix on this machine. */
public final class PostfixSystem implements MailSystem {

    private static final int MOST_TEXT = 256 * 1024;

    private final PostfixInstance instance;

    /** Empty where it logs by syslog. */
    private final String log;

    /** Of {@code mail_owner}, -1 where it has none here. */
    private final int ownUid;

    private final PostfixLayout layout;
    private final MailSystemContext context;
    private final ProgramCalls calls;
    private final PostfixSubmission submission;

    private PostfixSystem(PostfixInstance instance, String log, int ownUid, MailSystemContext context) {
        this.ownUid = ownUid;
        this.log = log;
        this.instance = instance;
        this.context = context;
        this.layout = new PostfixLayout(instance, context.users(), context.host());
        this.calls = context.calls();
        PostfixConfiguration configuration =
                new PostfixConfiguration(calls, instance.configuration().toString());
        LoginBan logins = new LoginBan(configuration, new OpenSessions(calls), calls);
        this.submission = new PostfixSubmission(
                configuration,
                logins,
                new Master(calls, instance.configuration(), instance.queue()),
                new LoopbackBan(calls),
                context.users());
    }

    /** Every instance that postmulti(1) lists; none where there is no Postfix. */
    public static List<MailSystem> all(MailSystemContext context) {
        ProgramCalls calls = context.calls();
        Said main = calls.call("postconf", "-h", "config_directory");
        if (!main.ok()) {
            return List.of();
        }
        Set<String> folders = new LinkedHashSet<>(Set.of(main.out().strip()));
        // Name, group, enabled or not, folder.
        calls.call("postmulti", "-l").out().lines().forEach(line -> {
            String[] fields = line.strip().split("\\s+");
            folders.add(fields[fields.length - 1]);
        });
        List<MailSystem> systems = new ArrayList<>();
        folders.forEach(folder -> systems.addAll(in(Path.of(folder), context)));
        return systems;
    }

    /** The instance that has this configuration folder, as a list of one; none where it is none. */
    public static List<MailSystem> in(Path folder, MailSystemContext context) {
        PostfixConfiguration configuration = new PostfixConfiguration(context.calls(), folder.toString());
        Map<String, String> parameters = configuration.expanded(PostfixInstance.PARAMETERS);
        if (parameters.isEmpty()) {
            return List.of();
        }
        String log = parameters.getOrDefault("maillog_file", "");
        int ownUid = context.users()
                .uidOf(parameters.getOrDefault("mail_owner", "postfix"))
                .orElse(-1);
        return List.of(new PostfixSystem(
                PostfixInstance.of(folder, parameters, ownUid, context.host()), log, ownUid, context));
    }

    @Override
    public String instance() {
        return instance.name();
    }

    @Override
    public MailHost host() {
        return context.host();
    }

    @Override
    public Set<Integer> uids() {
        return ownUid < 0 ? Set.of() : Set.of(ownUid);
    }

    /* What goes to /dev/stdout is kept by whoever started it. */
    @Override
    public Optional<Path> log() {
        return log.startsWith("/var/") ? Optional.of(Path.of(log)) : Optional.empty();
    }

    @Override
    public QueueReader reader() {
        // The queue folders are open to Postfix and root only.
        if (Files.isReadable(instance.queue().resolve("deferred"))) {
            ParallelHeaderReader heads = new ParallelHeaderReader(context.helpers(), context.ticker());
            return new SpoolReader(
                    instance.name(),
                    "queue files in " + instance.queue(),
                    layout,
                    heads,
                    context.clock(),
                    context.ticker());
        }
        return new PostqueueReader(instance, calls, context.ticker());
    }

    @Override
    public String text(QueueId id, boolean body) {
        // postcat(1) reads the queue file wherever it lies.
        String text = calls.call("postcat", "-c", instance.configuration().toString(), body ? "-hbq" : "-hq", id.id())
                .out();
        return text.substring(0, Math.min(text.length(), MOST_TEXT));
    }

    @Override
    public Set<String> relayHosts() {
        Map<String, String> set = new PostfixConfiguration(
                        calls, instance.configuration().toString())
                .expanded("relayhost", "smtp_fallback_relay", "default_transport");
        Set<String> hosts = new LinkedHashSet<>();
        set.values().forEach(value -> RelayHost.all(value).forEach(hosts::add));
        return hosts;
    }

    @Override
    public DeliveryFiles deliveries() {
        return new ActiveQueueFiles(instance.queue(), layout);
    }

    @Override
    public MessageActions messages() {
        return new PostfixMessages(instance, layout, calls);
    }

    @Override
    public SubmissionActions submission() {
        return submission;
    }
}
