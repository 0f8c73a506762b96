package org.outguard.mta.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.outguard.guard.MailStep;
import org.outguard.guard.MailStep.Setting;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.SubmissionActions;
import org.outguard.mta.UserNames;

/**
 * Who may hand mail in to one instance of Postfix. A ban closes three ways: sendmail(1) by {@code authorized_submit_users},
 * SMTP from this machine by the kernel, and SMTP with a login by an access map after the data. Each change is merged
 * with what is set, so that undoing takes out just that, also where other bans came after.
 */
final class PostfixSubmission implements SubmissionActions {

    private static final String USERS = "authorized_submit_users";
    private static final String CHECKS = "header_checks";
    private static final String HOLD_ALL = "static:HOLD";
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.+@-]{0,127}");

    private final PostfixConfiguration configuration;
    private final LoginBan logins;
    private final Master master;
    private final LoopbackBan loopback;
    private final UserNames users;

    PostfixSubmission(
            PostfixConfiguration configuration, LoginBan logins, Master master, LoopbackBan loopback, UserNames users) {
        this.configuration = configuration;
        this.logins = logins;
        this.master = master;
        this.loopback = loopback;
        this.users = users;
    }

    @Override
    public String commands(MailStep.OnSettings step) {
        if (step instanceof MailStep.HoldAll) {
            return configuration.writing(CHECKS, "(what is set) " + HOLD_ALL) + "; " + reloading();
        } else if (step instanceof MailStep.AcceptAll) {
            return configuration.writing(CHECKS, "(what was set)") + "; " + reloading();
        } else if (step instanceof MailStep.Ban ban) {
            return String.join("; ", banning(ban.user()));
        }
        return String.join("; ", unbanning(((MailStep.Unban) step).user()));
    }

    private String reloading() {
        return master.command();
    }

    private List<String> banning(String user) {
        List<String> commands = new ArrayList<>();
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            commands.add(configuration.writing(USERS, "!" + submitName(user, uid.getAsInt()) + ", (what is set)"));
            commands.add(loopback.banning(uid.getAsInt()));
        }
        commands.addAll(logins.banning(user));
        return commands;
    }

    private List<String> unbanning(String user) {
        List<String> commands = new ArrayList<>();
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            commands.add(configuration.writing(USERS, "(what was set)"));
            commands.add(loopback.lifting(uid.getAsInt()));
        }
        commands.addAll(logins.lifting(user));
        return commands;
    }

    @Override
    public List<Setting> before(MailStep.OnSettings step) {
        List<Setting> before = new ArrayList<>();
        if (step instanceof MailStep.HoldAll) {
            before.add(setting(CHECKS));
        } else if (step instanceof MailStep.Ban ban) {
            OptionalInt uid = users.uidOf(ban.user());
            if (uid.isPresent()) {
                before.add(setting(USERS));
                before.add(loopback.before(uid.getAsInt()));
            }
            before.addAll(logins.before());
        }
        return before;
    }

    private Setting setting(String parameter) {
        return new Setting(configuration.folder(), parameter, configuration.set(parameter));
    }

    @Override
    public Done run(MailStep.OnSettings step) {
        List<String> problems = new ArrayList<>();
        if (step instanceof MailStep.HoldAll) {
            holdAll(problems);
        } else if (step instanceof MailStep.AcceptAll accept) {
            acceptAll(accept.settings(), problems);
        } else if (step instanceof MailStep.Ban ban) {
            ban(ban.user(), problems);
        } else if (step instanceof MailStep.Unban unban) {
            unban(unban.user(), unban.settings(), problems);
        }
        return new Done(problems.isEmpty() ? 1 : 0, problems);
    }

    private void holdAll(List<String> problems) {
        String now = configuration.effective(CHECKS).orElse("");
        if (!now.contains(HOLD_ALL)) {
            // Behind what is set, so that what is rejected stays rejected.
            configuration.write(CHECKS, (now + " " + HOLD_ALL).strip()).ifPresent(problems::add);
        }
        reload(problems);
        verify(CHECKS, configuration.effective(CHECKS).orElse("").contains(HOLD_ALL), problems);
        PostfixConfiguration.overrides(CHECKS, configuration.services())
                .forEach(service -> problems.add(service + " sets its own " + CHECKS));
    }

    private void acceptAll(List<Setting> settings, List<String> problems) {
        String now = configuration.effective(CHECKS).orElse("");
        putBack(CHECKS, now.replace(HOLD_ALL, "").strip(), settings, problems);
        reload(problems);
        boolean stoodBefore = old(CHECKS, settings).orElse("").contains(HOLD_ALL);
        verify(
                CHECKS,
                stoodBefore || !configuration.effective(CHECKS).orElse(HOLD_ALL).contains(HOLD_ALL),
                problems);
    }

    private void ban(String user, List<String> problems) {
        OptionalInt uid = users.uidOf(user);
        if (!NAME.matcher(user).matches()) {
            problems.add("no user has such a name");
            return;
        }
        if (uid.isPresent()) {
            loopback.ban(uid.getAsInt()).ifPresent(problems::add);
            String item = "!" + submitName(user, uid.getAsInt());
            String now = configuration.effective(USERS).orElse("static:anyone");
            if (!items(now).contains(item)) {
                // First match wins (match_list(3)), so it stands before what is set.
                configuration.write(USERS, item + ", " + now).ifPresent(problems::add);
            }
            verify(USERS, items(configuration.effective(USERS).orElse("")).contains(item), problems);
        }
        LoginBan.Logins now = logins.read();
        if (now.inUse()) {
            if (logins.ban(user, now, problems)) {
                // First, so that a process whose session is ended takes no other client by the settings it knows.
                reload(problems);
            }
            logins.endSessions(user, now, problems);
            logins.verify(problems);
            // One that was let in while Postfix read its configuration.
            logins.endSessions(user, now, problems);
        } else if (uid.isEmpty()) {
            problems.add("there is no local user of that name, and nobody can log in");
        }
    }

    private void unban(String user, List<Setting> settings, List<String> problems) {
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            String item = "!" + submitName(user, uid.getAsInt());
            boolean stoodBefore = items(old(USERS, settings).orElse("")).contains(item);
            if (!stoodBefore) {
                List<String> left =
                        new ArrayList<>(items(configuration.effective(USERS).orElse("")));
                left.removeIf(item::equals);
                putBack(USERS, String.join(", ", left), settings, problems);
                verify(
                        USERS,
                        !items(configuration.effective(USERS).orElse(item)).contains(item),
                        problems);
            }
            loopback.lift(uid.getAsInt(), settings).ifPresent(problems::add);
        }
        if (logins.lift(user, settings, problems)) {
            reload(problems);
        }
    }

    /*
     * What is left after our part was taken out is what was there, to the byte, or Postfix's own value, which is not to
     * be set at all; unless somebody else changed it meanwhile, whose change stays.
     */
    private void putBack(String parameter, String left, List<Setting> settings, List<String> problems) {
        Optional<String> old = old(parameter, settings);
        String builtIn = configuration.builtIn(parameter).orElse("");
        Optional<String> problem;
        if (old.isPresent() && items(old.get()).equals(items(left))) {
            problem = configuration.write(parameter, old.get());
        } else if (items(left).equals(items(builtIn))) {
            problem = configuration.set(parameter).isPresent() ? configuration.remove(parameter) : Optional.empty();
        } else {
            problem = configuration.write(parameter, left);
        }
        problem.ifPresent(problems::add);
    }

    private Optional<String> old(String parameter, List<Setting> settings) {
        return settings.stream().filter(s -> isOf(parameter, s)).findFirst().flatMap(Setting::value);
    }

    private boolean isOf(String parameter, Setting setting) {
        return setting.place().equals(configuration.folder()) && setting.name().equals(parameter);
    }

    private static List<String> items(String list) {
        return List.of(list.strip().split("[,\\s]+"));
    }

    /* sendmail(1) looks the name up by the uid that runs it; one without a name goes by this word (src/postdrop). */
    private String submitName(String user, int uid) {
        return users.realName(uid).orElse(user.chars().allMatch(Character::isDigit) ? "unknown" : user);
    }

    private void reload(List<String> problems) {
        master.readAgain().ifPresent(problems::add);
    }

    private void verify(String parameter, boolean holds, List<String> problems) {
        if (!holds) {
            problems.add(parameter + " is not in force: "
                    + configuration.effective(parameter).orElse("unknown"));
        }
    }
}
