package org.outguard.mta.exim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner.Extent;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailHost;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.SubmissionActions;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.UserNames;

/**
 * Who may hand mail in to Exim: files of ours that its ACLs look into, see {@link EximHooks}. The first change puts the
 * hooks in and lets the daemon read its configuration again; further ones are lines in a file, and work at once.
 */
final class EximSubmission implements SubmissionActions {

    private static final int MOST_RECORDED = 512 * 1024;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.+@-]{0,127}");

    private final EximProgram program;
    private final EximHooks hooks;
    private final EximDaemon daemon;
    private final LoopbackBan loopback;
    private final UserNames users;
    private final ProgramCalls calls;
    private final MailHost host;

    EximSubmission(
            EximProgram program,
            EximHooks hooks,
            EximDaemon daemon,
            LoopbackBan loopback,
            UserNames users,
            ProgramCalls calls) {
        this.program = program;
        this.hooks = hooks;
        this.daemon = daemon;
        this.loopback = loopback;
        this.users = users;
        this.calls = calls;
        this.host = calls.host();
    }

    @Override
    public String commands(RestrictionStep step) {
        boolean impose = step instanceof RestrictionStep.Impose;
        List<String> commands = new ArrayList<>();
        if (step.on() instanceof MailRestriction.Slowed) {
            return "";
        } else if (step.on() instanceof MailRestriction.Banned banned) {
            commands.add(lining(impose, banned.user(), hooks.bannedLogins()));
            users.uidOf(banned.user()).ifPresent(uid -> {
                commands.add(lining(impose, Integer.toUnsignedString(uid), hooks.bannedUids()));
                commands.add(impose ? loopback.banning(uid) : loopback.lifting(uid));
            });
        } else {
            commands.add((impose ? "touch " : "rm ") + hooks.holdAll());
        }
        commands.add("(lines in " + hooks.configuration() + " that look there, and SIGHUP to the daemon)");
        return String.join("; ", commands);
    }

    private static String lining(boolean add, String key, Path file) {
        return add ? "echo '" + key + ":' >> " + file : "sed -i '/^" + key + ":/d' " + file;
    }

    @Override
    public List<Setting> before(RestrictionStep step) {
        if (step.on() instanceof MailRestriction.Slowed) {
            return List.of();
        }
        List<Setting> before = new ArrayList<>();
        before.add(whole(hooks.configuration()));
        if (step.on() instanceof MailRestriction.Banned banned) {
            before.add(whole(hooks.bannedLogins()));
            OptionalInt uid = users.uidOf(banned.user());
            if (uid.isPresent()) {
                before.add(whole(hooks.bannedUids()));
                before.add(loopback.before(uid.getAsInt()));
            }
        } else {
            before.add(whole(hooks.holdAll()));
        }
        return before;
    }

    private Setting whole(Path file) {
        Optional<String> content = content(file).filter(text -> text.length() <= MOST_RECORDED);
        return new Setting(file.toString(), "", content);
    }

    private Optional<String> content(Path file) {
        try {
            return host.content(file).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.of("");
        }
    }

    @Override
    public Done run(RestrictionStep step) {
        List<String> problems = new ArrayList<>();
        try {
            boolean impose = step instanceof RestrictionStep.Impose;
            if (step.on() instanceof MailRestriction.Slowed) {
                problems.add("Exim has no delay between deliveries: hold mail, or limit the connections of its user");
            } else if (step.on() instanceof MailRestriction.Banned banned) {
                if (impose) {
                    ban(banned.user(), problems);
                } else {
                    unban(banned.user(), step.settings(), problems);
                }
            } else if (impose) {
                write(hooks.holdAll(), "");
                putHooksIn(problems);
            } else {
                host.delete(hooks.holdAll());
                takeHooksOut(problems);
            }
        } catch (IOException e) {
            problems.add("cannot change Exim's configuration: " + e.getMessage());
        }
        return new Done(problems.isEmpty() ? 1 : 0, problems);
    }

    @Override
    public Extent inForce(MailRestriction on) {
        try {
            hooks.removeHalfWritten();
            if (on instanceof MailRestriction.Banned banned) {
                return inForce(banned.user());
            }
            boolean slowed = on instanceof MailRestriction.Slowed;
            return slowed ? Extent.NOTHING : withHooks(host.exists(hooks.holdAll()));
        } catch (IOException e) {
            return Extent.PART;
        }
    }

    private Extent inForce(String user) throws IOException {
        boolean login = lists(hooks.bannedLogins(), user.toLowerCase(Locale.ROOT));
        Extent set = withHooks(login);
        OptionalInt uid = users.uidOf(user);
        if (uid.isEmpty()) {
            return set;
        }
        boolean listed = lists(hooks.bannedUids(), Integer.toUnsignedString(uid.getAsInt()));
        boolean reset = loopback.isBanned(uid.getAsInt());
        return listed == login && reset == login ? set : Extent.PART;
    }

    private boolean lists(Path file, String key) {
        return content(file).orElse("").lines().anyMatch(line -> line.equals(key + ":"));
    }

    /* The lines that look into our files go with the last of them. Whether the daemon has read them is not known. */
    private Extent withHooks(boolean set) throws IOException {
        return set || hooks.stand() != needed() ? Extent.PART : Extent.NOTHING;
    }

    private boolean needed() {
        return host.exists(hooks.holdAll()) || host.exists(hooks.bannedUids()) || host.exists(hooks.bannedLogins());
    }

    private void ban(String user, List<String> problems) throws IOException {
        if (!NAME.matcher(user).matches()) {
            problems.add("no user has such a name");
            return;
        }
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            loopback.ban(uid.getAsInt()).ifPresent(problems::add);
            add(hooks.bannedUids(), Integer.toUnsignedString(uid.getAsInt()));
        }
        add(hooks.bannedLogins(), user.toLowerCase(Locale.ROOT));
        putHooksIn(problems);
        daemon.endSessions(user, problems);
    }

    private void unban(String user, List<Setting> settings, List<String> problems) throws IOException {
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            loopback.lift(uid.getAsInt(), settings).ifPresent(problems::add);
            remove(hooks.bannedUids(), Integer.toUnsignedString(uid.getAsInt()), settings);
        }
        remove(hooks.bannedLogins(), user.toLowerCase(Locale.ROOT), settings);
        takeHooksOut(problems);
    }

    private void add(Path file, String key) throws IOException {
        String now = content(file).orElse("");
        if (now.lines().noneMatch(line -> line.equals(key + ":"))) {
            write(file, now + key + ":\n");
        }
    }

    private void remove(Path file, String key, List<Setting> settings) throws IOException {
        boolean stoodBefore = settings.stream()
                .filter(setting -> setting.place().equals(file.toString()))
                .anyMatch(setting -> setting.value().orElse("").lines().anyMatch(line -> line.equals(key + ":")));
        Optional<String> now = content(file);
        if (now.isEmpty() || stoodBefore) {
            return;
        }
        List<String> left = new ArrayList<>(now.get().lines().toList());
        left.removeIf(line -> line.equals(key + ":"));
        if (left.isEmpty()) {
            host.delete(file);
        } else {
            write(file, String.join("\n", left) + "\n");
        }
    }

    private void write(Path file, String text) throws IOException {
        host.replace(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void putHooksIn(List<String> problems) throws IOException {
        if (hooks.stand()) {
            return;
        }
        Map<String, String> acls = new HashMap<>();
        Said said = calls.call(program.argv("-bP", "acl_not_smtp", "acl_smtp_data"), "");
        said.out().lines().forEach(line -> {
            String[] parts = line.split(" =", 2);
            acls.put(parts[0].strip(), parts.length == 2 ? parts[1].strip() : "");
        });
        Optional<String> problem = hooks.putIn(acls);
        problem.ifPresent(problems::add);
        if (problem.isPresent()) {
            return;
        }
        Said check = calls.call(program.argv("-bV"), "");
        if (!check.ok()) {
            hooks.takeOut();
            problems.add("Exim does not take the change: " + check.complaint());
            return;
        }
        daemon.readAgain(problems);
    }

    /* With the last line in our files. */
    private void takeHooksOut(List<String> problems) throws IOException {
        if (!needed() && hooks.stand()) {
            hooks.takeOut();
            daemon.readAgain(problems);
        }
    }
}
