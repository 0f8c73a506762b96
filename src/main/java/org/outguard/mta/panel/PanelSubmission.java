package org.outguard.mta.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner.Extent;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.SubmissionActions;
import org.outguard.mta.UserNames;
import org.outguard.mta.panel.Panel.OutgoingSwitch;

/**
 * Who may submit mail where a panel has a switch of its own for that user: the switch is used in place of lines in the mail
 * system's configuration, which the panel would write anew. All else is the mail system's.
 *
 * @param panel whose switch
 * @param system what acts where the panel has none
 * @param loopback closes SMTP on this machine for a local user
 * @param users local users
 */
public record PanelSubmission(Panel panel, SubmissionActions system, LoopbackBan loopback, UserNames users)
        implements SubmissionActions {

    private Optional<OutgoingSwitch> own(MailRestriction on) {
        return on instanceof MailRestriction.Banned banned ? panel.outgoing(banned.user()) : Optional.empty();
    }

    private OptionalInt uid(MailRestriction on) {
        return on instanceof MailRestriction.Banned banned ? users.uidOf(banned.user()) : OptionalInt.empty();
    }

    @Override
    public String commands(RestrictionStep step) {
        Optional<OutgoingSwitch> own = own(step.on());
        if (own.isEmpty()) {
            return system.commands(step);
        }
        boolean impose = step instanceof RestrictionStep.Impose;
        List<String> commands = new ArrayList<>();
        commands.add(impose ? own.get().stopping() : own.get().resuming());
        uid(step.on()).ifPresent(uid -> commands.add(impose ? loopback.banning(uid) : loopback.lifting(uid)));
        return String.join("; ", commands);
    }

    @Override
    public List<Setting> before(RestrictionStep step) {
        Optional<OutgoingSwitch> own = own(step.on());
        if (own.isEmpty()) {
            return system.before(step);
        }
        List<Setting> before = new ArrayList<>();
        before.add(new Setting(panel.name(), step.on().subject(), own.get().before()));
        uid(step.on()).ifPresent(uid -> before.add(loopback.before(uid)));
        return before;
    }

    @Override
    public Done run(RestrictionStep step) {
        Optional<OutgoingSwitch> own = own(step.on());
        if (own.isEmpty()) {
            return system.run(step);
        }
        List<String> problems = new ArrayList<>();
        OptionalInt uid = uid(step.on());
        if (step instanceof RestrictionStep.Impose) {
            own.get().stop().ifPresent(problems::add);
            uid.ifPresent(number -> loopback.ban(number).ifPresent(problems::add));
        } else {
            Optional<String> before = step.settings().stream()
                    .filter(setting -> setting.place().equals(panel.name()))
                    .findFirst()
                    .flatMap(Setting::value);
            own.get().resume(before).ifPresent(problems::add);
            uid.ifPresent(number -> loopback.lift(number, step.settings()).ifPresent(problems::add));
        }
        return new Done(problems.isEmpty() ? 1 : 0, problems, !problems.isEmpty());
    }

    @Override
    public Extent inForce(MailRestriction on) {
        Optional<OutgoingSwitch> own = own(on);
        if (own.isEmpty()) {
            return system.inForce(on);
        }
        List<Extent> parts = new ArrayList<>(List.of(Extent.of(own.get().isStopped())));
        uid(on).ifPresent(uid -> parts.add(Extent.of(loopback.isBanned(uid))));
        return Extent.of(parts);
    }
}
