package org.outguard.app.enforce;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.outguard.app.Programs;
import org.outguard.app.host.BootId;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.port.StepRunner;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;
import org.outguard.nft.Hooks;
import org.outguard.nft.Listing;
import org.outguard.nft.NftEnforcer;

/**
 * A program for the namespaces of a mail system: for each line that it reads it does what Outguard does when it starts
 * after a crash, and then says, as a line of JSON, what the journal has and what the kernel and the mail system have. One
 * that stays saves the start of a virtual machine for each crash.
 */
public final class CrashWitness {

    private final Clock clock = Clock.systemUTC();
    private final NftEnforcer nft = new NftEnforcer(Programs.RUNNER, List.of("nft"), clock, Hooks.NONE);
    private final MailSystemsProvider mail;
    private final StepDispatcher stepDispatcher;
    private final Journal journal;
    private final String user;

    private CrashWitness(Journal journal, String user) {
        this.journal = journal;
        this.user = user;
        this.mail = new MailSystemsProvider(Programs.RUNNER, journal.folder(), clock);
        this.stepDispatcher = new StepDispatcher(
                nft,
                new UnsupportedStepRunner<>("processes", clock),
                mail,
                new UnsupportedStepRunner<>("files", clock),
                new UnsupportedStepRunner<>("single processes", clock));
    }

    /** Answers until its input ends; its arguments are the journal and the user who is banned now and then. */
    public static void main(String[] arguments) throws IOException {
        CrashWitness witness = new CrashWitness(new Journal(Path.of(arguments[0]), BootId.read()), arguments[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(JSON.std.asString(witness.look()));
        }
    }

    private Map<String, Object> look() throws IOException {
        int cut = journal.open().size();
        Recovery.settle(journal, stepDispatcher, clock);
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("cut", cut);
        seen.put("open", journal.open().size());
        seen.put("journal", byJournal());
        seen.put("held", held());
        seen.put("kernel", byKernel());
        return seen;
    }

    private Set<String> byJournal() throws IOException {
        Set<String> all = new TreeSet<>();
        for (StandingByJournal known : journal.standing(clock.instant())) {
            Step step = known.action().step();
            if (!(step instanceof MessageStep.Hold)) {
                all.add(step.key());
            }
        }
        return all;
    }

    private Set<String> held() throws IOException {
        Set<String> all = new TreeSet<>();
        for (StandingByJournal known : journal.standing(clock.instant())) {
            if (known.action().step() instanceof MessageStep.Hold hold) {
                hold.messages().forEach(message -> all.add(message.id().id()));
            }
        }
        return all;
    }

    private Set<String> byKernel() {
        if (!(nft.list() instanceof Listing.Seen seen)) {
            throw new IllegalStateException("nft does not answer");
        }
        Set<String> all = new TreeSet<>();
        for (ActionObservation.BlockCounter block : seen.blocks().blocks()) {
            all.add((block.rate().isPresent() ? "limit " : "block ") + block.target());
        }
        seen.blocks().lockdown().ifPresent(on -> all.add(new LockdownStep.Lift("").key()));
        MailRestriction ban = new MailRestriction.Banned(user);
        if (mail.systems().stream().anyMatch(one -> one.submission().inForce(ban) != StepRunner.Extent.NOTHING)) {
            all.add(ban.key());
        }
        return all;
    }
}
