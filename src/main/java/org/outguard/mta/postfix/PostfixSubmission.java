package org.outguard.mta.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner.Extent;
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
    private final DeliveryRateDelay pace;
    private final LoginBan logins;
    private final Master master;
    private final LoopbackBan loopback;
    private final UserNames users;

    PostfixSubmission(
            PostfixConfiguration configuration, LoginBan logins, Master master, LoopbackBan loopback, UserNames users) {
        this.configuration = configuration;
        this.pace = new DeliveryRateDelay(configuration, master);
        this.logins = logins;
        this.master = master;
        this.loopback = loopback;
        this.users = users;
    }

    @Override
    public String commands(RestrictionStep step) {
        boolean impose = step instanceof RestrictionStep.Impose;
        if (step.on() instanceof MailRestriction.Slowed slowed) {
            String delay = impose ? pace.slowing(slowed.seconds()) : pace.freeing(step.settings());
            return delay + "; " + reloading();
        } else if (step.on() instanceof MailRestriction.Banned banned) {
            return String.join("; ", impose ? banning(banned.user()) : unbanning(banned.user(), step.settings()));
        }
        String check = impose
                ? configuration.adding(CHECKS, "", " " + HOLD_ALL)
                : configuration.puttingBack(CHECKS, step.settings());
        return check + "; " + reloading();
    }

    private String reloading() {
        return master.command();
    }

    private List<String> banning(String user) {
        List<String> commands = new ArrayList<>();
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            commands.add(configuration.adding(USERS, "!" + submitName(user, uid.getAsInt()) + ", ", ""));
            commands.add(loopback.banning(uid.getAsInt()));
        }
        commands.addAll(logins.banning(user));
        return commands;
    }

    private List<String> unbanning(String user, List<Setting> settings) {
        List<String> commands = new ArrayList<>();
        OptionalInt uid = users.uidOf(user);
        if (uid.isPresent()) {
            commands.add(configuration.puttingBack(USERS, settings));
            commands.add(loopback.lifting(uid.getAsInt()));
        }
        commands.addAll(logins.lifting(user, settings));
        return commands;
    }

    @Override
    public List<Setting> before(RestrictionStep step) {
        List<Setting> before = new ArrayList<>();
        if (step.on() instanceof MailRestriction.Slowed) {
            before.add(configuration.setting(DeliveryRateDelay.DELAY));
        } else if (step.on() instanceof MailRestriction.Banned banned) {
            OptionalInt uid = users.uidOf(banned.user());
            if (uid.isPresent()) {
                before.add(configuration.setting(USERS));
                before.add(loopback.before(uid.getAsInt()));
            }
            before.addAll(logins.before());
        } else {
            before.add(configuration.setting(CHECKS));
        }
        return before;
    }

    @Override
    public Done run(RestrictionStep step) {
        List<String> problems = new ArrayList<>();
        List<String> notes = List.of();
        if (step instanceof RestrictionStep.Lift) {
            lift(step.on(), step.settings(), problems);
        } else if (step.on() instanceof MailRestriction.Slowed slowed) {
            notes = pace.slow(slowed.seconds(), problems);
        } else if (step.on() instanceof MailRestriction.Banned banned) {
            ban(banned.user(), problems);
        } else {
            holdAll(problems);
        }
        int done = problems.isEmpty() ? 1 : 0;
        problems.addAll(notes);
        return new Done(done, problems);
    }

    private void lift(MailRestriction on, List<Setting> settings, List<String> problems) {
        if (on instanceof MailRestriction.Slowed) {
            pace.free(settings, problems);
        } else if (on instanceof MailRestriction.Banned banned) {
            unban(banned.user(), settings, problems);
        } else {
            acceptAll(settings, problems);
        }
    }

    @Override
    public Extent inForce(MailRestriction on) {
        if (on instanceof MailRestriction.Slowed slowed) {
            return pace.isSet(slowed.seconds()) ? Extent.PART : Extent.NOTHING;
        }
        if (on instanceof MailRestriction.Banned banned) {
            return inForce(banned.user());
        }
        return configuration.effective(CHECKS).orElse("").contains(HOLD_ALL) ? Extent.PART : Extent.NOTHING;
    }

    private Extent inForce(String user) {
        OptionalInt uid = users.uidOf(user);
        List<Extent> parts = new ArrayList<>();
        if (uid.isPresent()) {
            String item = "!" + submitName(user, uid.getAsInt());
            boolean listed = PostfixConfiguration.items(
                            configuration.effective(USERS).orElse(""))
                    .contains(item);
            parts.add(Extent.of(listed));
            parts.add(Extent.of(loopback.isBanned(uid.getAsInt())));
        }
        logins.inForce(user).ifPresent(parts::add);
        return Extent.of(parts);
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
        configuration
                .putBack(CHECKS, now.replace(HOLD_ALL, "").strip(), settings)
                .ifPresent(problems::add);
        reload(problems);
        boolean stoodBefore = configuration.old(CHECKS, settings).orElse("").contains(HOLD_ALL);
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
            if (!PostfixConfiguration.items(now).contains(item)) {
                // First match wins (match_list(3)), so it stands before what is set.
                configuration.write(USERS, item + ", " + now).ifPresent(problems::add);
            }
            verify(
                    USERS,
                    PostfixConfiguration.items(configuration.effective(USERS).orElse(""))
                            .contains(item),
                    problems);
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
            boolean stoodBefore = PostfixConfiguration.items(
                            configuration.old(USERS, settings).orElse(""))
                    .contains(item);
            if (!stoodBefore) {
                List<String> left = new ArrayList<>(PostfixConfiguration.items(
                        configuration.effective(USERS).orElse("")));
                left.removeIf(item::equals);
                configuration.putBack(USERS, String.join(", ", left), settings).ifPresent(problems::add);
                verify(
                        USERS,
                        !PostfixConfiguration.items(
                                        configuration.effective(USERS).orElse(item))
                                .contains(item),
                        problems);
            }
            loopback.lift(uid.getAsInt(), settings).ifPresent(problems::add);
        }
        if (logins.lift(user, settings, problems)) {
            reload(problems);
        }
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
