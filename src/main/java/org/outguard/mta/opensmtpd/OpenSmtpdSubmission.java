package org.outguard.mta.opensmtpd;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner.Extent;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.MailSystem.SubmissionActions;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * What OpenSMTPD can be told of all new mail: deliveries to other hosts wait. It has no switch for one user.
 *
 * @param program smtpctl(8)
 * @param calls runs it
 */
record OpenSmtpdSubmission(String program, ProgramCalls calls) implements SubmissionActions {

    private static final String PLACE = "smtpctl";
    private static final String NO_SWITCH = "OpenSMTPD has no switch for one user: hold its mail by sender, freeze or"
            + " block its processes, or add a rule 'match … reject' to smtpd.conf";
    private static final String NO_DELAY = "OpenSMTPD has no delay between deliveries: hold mail, or limit connections";

    @Override
    public String commands(RestrictionStep step) {
        if (step.on() instanceof MailRestriction.AllHeld) {
            return program + (step instanceof RestrictionStep.Impose ? " pause mta" : " resume mta");
        }
        return "";
    }

    @Override
    public List<Setting> before(RestrictionStep step) {
        return step.on() instanceof MailRestriction.AllHeld
                ? List.of(new Setting(PLACE, "mta", isPaused() ? Optional.of("paused") : Optional.empty()))
                : List.of();
    }

    private boolean isPaused() {
        return calls.call(program, "show", "status").out().contains("MTA paused");
    }

    @Override
    public Done run(RestrictionStep step) {
        if (!(step.on() instanceof MailRestriction.AllHeld)) {
            return Done.none(step.on() instanceof MailRestriction.Slowed ? NO_DELAY : NO_SWITCH);
        }
        boolean pause = step instanceof RestrictionStep.Impose;
        boolean stoodBefore = step.settings().stream()
                .anyMatch(setting ->
                        setting.place().equals(PLACE) && setting.value().isPresent());
        if (isPaused() == pause || !pause && stoodBefore) {
            return Done.all(1);
        }
        Said said = calls.call(program, pause ? "pause" : "resume", "mta");
        return said.ok() && isPaused() == pause
                ? Done.all(1)
                : new Done(0, List.of("smtpctl: " + said.complaint()), true);
    }

    @Override
    public Extent inForce(MailRestriction on) {
        return Extent.of(on instanceof MailRestriction.AllHeld && isPaused());
    }
}
