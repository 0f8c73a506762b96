package org.outguard.guard.enforce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.ResponseRule.Reaction;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Holds offenders against the rules of a policy, and asks for what the first one that fits them says. */
public final class ResponseEngine {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String BY = "policy";

    private final List<ResponseRule> rules;
    private final MailUsers mailUsers;
    private final boolean dryRun;
    private final Function<Step, List<Objection>> objections;

    /* By rule, and by rule and offender; offenders that are clean or gone are forgotten. */
    private final Map<String, Deque<Instant>> acted = new HashMap<>();
    private final Map<String, Instant> answered = new HashMap<>();
    private final Map<String, String> unable = new HashMap<>();

    /**
     * Does what rules say.
     *
     * @param rules the first that fits counts
     * @param mailUsers users that are never banned, beside root
     * @param dryRun whether it only says what it would do
     * @param objections see {@link GuardRails#check}; a rule overrules none
     */
    public ResponseEngine(
            List<ResponseRule> rules, MailUsers mailUsers, boolean dryRun, Function<Step, List<Objection>> objections) {
        this.rules = List.copyOf(rules);
        this.mailUsers = mailUsers;
        this.dryRun = dryRun;
        this.objections = objections;
    }

    /**
     * One answer.
     *
     * @param command what is to be done; empty where there is nothing but words
     * @param words for the log
     */
    public record Answer(Optional<Command> command, String words) {}

    /** Whether it may ever answer. */
    public boolean hasRules() {
        return !rules.isEmpty();
    }

    /** What is to be done about what a snapshot shows. */
    public List<Answer> react(Snapshot snapshot) {
        List<Answer> answers = new ArrayList<>();
        Set<String> bad = new HashSet<>();
        for (Talker talker : snapshot.suspects()) {
            rules.stream().filter(rule -> fits(rule, talker)).findFirst().ifPresent(rule -> {
                bad.add(key(rule, talker.id()));
                String why = talker.id() + ": " + talker.reason();
                answer(rule, talker.id(), why, snapshot.at(), () -> step(rule, talker, snapshot.mail()))
                        .ifPresent(answers::add);
            });
        }
        for (Submitter submitter : snapshot.mail().submitters()) {
            rules.stream().filter(rule -> fits(rule, submitter)).findFirst().ifPresent(rule -> {
                bad.add(key(rule, submitter.id()));
                String why = submitter.id() + ": " + submitter.reason();
                answer(rule, submitter.id(), why, snapshot.at(), () -> proven(rule, submitter, snapshot.mail()))
                        .ifPresent(answers::add);
            });
        }
        answered.keySet().retainAll(bad);
        unable.keySet().retainAll(bad);
        return answers;
    }

    private static String key(ResponseRule rule, String id) {
        return rule.name() + " " + id;
    }

    private static boolean fits(ResponseRule rule, Talker talker) {
        String user = talker.mail()
                .map(mail -> user(mail.origin()).orElse(""))
                .orElseGet(
                        () -> talker.attribution().account().map(Account::user).orElse(""));
        boolean exemptRemote = talker.remotes().stream()
                .findFirst()
                .filter(busiest -> rule.exemptRemotes().stream()
                        .anyMatch(net -> net.contains(busiest.remote().address())))
                .isPresent();
        return rule.kinds().contains(talker.kind())
                && rule.reaction().suits(talker.kind())
                && talker.verdict().compareTo(rule.verdict()) >= 0
                && talker.rate().packets1s() >= rule.abovePacketsPerSecond()
                && !rule.exemptUsers().contains(user)
                && !exemptRemote;
    }

    private static boolean fits(ResponseRule rule, Submitter submitter) {
        return rule.kinds().contains(submitter.kind())
                && submitter.verdict() != Verdict.CLEAN
                && submitter.verdict().compareTo(rule.verdict()) >= 0
                && user(submitter.origin()).filter(rule.exemptUsers()::contains).isEmpty();
    }

    /** What could be done, or why it cannot. */
    private record Way(Optional<Step> step, String words) {

        static Way none(String why) {
            return new Way(Optional.empty(), why);
        }

        static Way of(Step step) {
            String length =
                    step.length().map(time -> " for " + time.toSeconds() + " s").orElse("");
            return new Way(Optional.of(step), step.word() + " " + step.subject() + length);
        }
    }

    private interface Choice {
        Way make();
    }

    private Optional<Answer> answer(ResponseRule rule, String id, String why, Instant now, Choice choice) {
        Instant until = answered.get(key(rule, id));
        if (until != null && now.isBefore(until)) {
            return Optional.empty();
        }
        String by = "rule " + rule.name() + ": ";
        if (rule.reaction() == Reaction.ALERT) {
            answered.put(key(rule, id), Instant.MAX);
            return Optional.of(new Answer(Optional.empty(), by + why));
        }
        Way way = unopposed(choice.make());
        if (way.step().isEmpty()) {
            // Said once; what is not known of the offender yet may be a moment later.
            return way.words().equals(unable.put(key(rule, id), way.words()))
                    ? Optional.empty()
                    : Optional.of(new Answer(Optional.empty(), by + "nothing done about " + why + ": " + way.words()));
        }
        boolean timed = rule.reaction() == Reaction.BLOCK || rule.reaction() == Reaction.LIMIT;
        answered.put(key(rule, id), timed ? now.plus(rule.length()) : Instant.MAX);
        if (!mayAct(rule, now)) {
            return Optional.of(new Answer(
                    Optional.empty(),
                    by + "not done, since it has acted " + rule.mostAnHour() + " times within an hour: "
                            + way.words()));
        }
        if (dryRun) {
            return Optional.of(new Answer(Optional.empty(), by + "would " + way.words() + " (" + why + ")"));
        }
        return Optional.of(
                new Answer(Optional.of(command(id, way.step().get(), by + why)), by + way.words() + " (" + why + ")"));
    }

    private Way unopposed(Way way) {
        return way.step()
                .flatMap(step -> GuardRails.refusal(objections.apply(step), false))
                .map(Way::none)
                .orElse(way);
    }

    /* What is about a talker is held against it once more. */
    private static Command command(String id, Step step, String why) {
        if (step instanceof NetworkStep.Block block) {
            return new Command.Block(id, block.target(), block.duration(), BY);
        }
        return step instanceof NetworkStep.Limit limit
                ? new Command.Limit(id, limit, BY, false)
                : new Command.Perform(step, why, BY);
    }

    private boolean mayAct(ResponseRule rule, Instant now) {
        Deque<Instant> times = acted.computeIfAbsent(rule.name(), name -> new ArrayDeque<>());
        while (!times.isEmpty() && !times.peekFirst().isAfter(now.minus(HOUR))) {
            times.removeFirst();
        }
        boolean may = times.size() < rule.mostAnHour();
        if (may) {
            times.addLast(now);
        }
        return may;
    }

    private Way step(ResponseRule rule, Talker talker, MailSnapshot mail) {
        if (talker.mail().isPresent()) {
            return step(rule, talker.mail().get(), mail);
        }
        boolean stops = rule.reaction() == Reaction.BLOCK || rule.reaction() == Reaction.LIMIT;
        if (stops && mayBeAnswer(talker)) {
            return Way.none("no program is known to send it: it may be the kernel's answers to forged packets");
        }
        return switch (rule.reaction()) {
            case BLOCK, LIMIT ->
                target(rule, talker)
                        .map(target -> Way.of(
                                rule.reaction() == Reaction.BLOCK
                                        ? new NetworkStep.Block(target, rule.length())
                                        : new NetworkStep.Limit(target, rule.rate(), rule.length())))
                        .orElseGet(() -> Way.none("nothing can be named that scope "
                                + rule.scope().name().toLowerCase(Locale.ROOT) + " would stop"));
            case FREEZE ->
                talker.attribution() instanceof Attribution.Exact exact
                        ? freeze(exact.owner())
                        : Way.none("its process is not exactly known");
            case BAN -> ban(talker.attribution().knownOwner().map(Owner::user));
            case HOLD, ALERT -> Way.none("it is no mail");
        };
    }

    private static Way freeze(Owner owner) {
        return owner.id().isHere()
                ? Way.of(new ProcessStep.Freeze(owner.id(), owner.command(), ProcessStep.Scope.PROCESS))
                : Way.none(ProcessId.NOT_HERE);
    }

    /*
     * Whoever makes this machine answer forged packets chooses where the answers go. They are ICMP, as long as no program is known
     * to send it; answers by TCP are no attempts to connect, which rules are about.
     */
    private static boolean mayBeAnswer(Talker talker) {
        boolean icmp = talker.protocol() == Protocol.ICMP || talker.protocol() == Protocol.ICMPV6;
        return icmp && talker.attribution().account().isEmpty();
    }

    private static Optional<BlockTarget> target(ResponseRule rule, Talker talker) {
        return chosen(rule, talker).map(target -> within(target, talker.protocol()));
    }

    /* A block of an address by a rule is of the offence's protocol alone, so that mail to that address goes on. */
    private static BlockTarget within(BlockTarget target, Protocol protocol) {
        boolean narrows = target.remote().isPresent()
                && target.protocol().isEmpty()
                && target.process().isEmpty()
                && protocol != Protocol.OTHER;
        return narrows
                ? new BlockTarget(
                        target.remote(),
                        target.port(),
                        Optional.of(protocol),
                        target.uid(),
                        target.cgroup(),
                        target.process(),
                        target.client())
                : target;
    }

    private static Optional<BlockTarget> chosen(ResponseRule rule, Talker talker) {
        List<BlockTarget> choices = BlockChoices.of(talker);
        return switch (rule.scope()) {
            case NARROWEST -> choices.stream().findFirst();
            case REMOTE ->
                choices.stream()
                        .filter(one -> !one.ofSomeSender() && one.port().isEmpty())
                        .findFirst();
            case USER ->
                choices.stream()
                        .filter(one -> one.uid().isPresent()
                                && one.process().isEmpty()
                                && one.remote().isEmpty())
                        .findFirst();
        };
    }

    /* The process that sends is the mail system's, which sends everybody's mail. */
    private Way step(ResponseRule rule, Talker.Mail sent, MailSnapshot mail) {
        if (rule.reaction() != Reaction.BAN && rule.reaction() != Reaction.HOLD) {
            return Way.none("a mail system sends it, so its submitter has to be stopped");
        }
        return mail.submitters().stream()
                .filter(submitter -> submitter.origin().isSame(sent.origin()))
                .findFirst()
                .map(submitter -> step(rule, submitter, mail))
                .orElseGet(() -> Way.none("its submitter has no mail in the queue"));
    }

    /* People are told by everything that is known; what is done rests on what nobody else can have written. */
    private Way proven(ResponseRule rule, Submitter submitter, MailSnapshot mail) {
        Submitter.Proven proven = submitter.proven();
        return submitter.evidence().trusted() && proven.verdict().compareTo(rule.verdict()) < 0
                ? Way.none("the log says so, which can be forged; proven are " + proven.reason())
                : step(rule, submitter, mail);
    }

    private Way step(ResponseRule rule, Submitter submitter, MailSnapshot mail) {
        // A line of the log can be written by whoever wants to see somebody else stopped.
        if (!submitter.evidence().trusted()) {
            return Way.none("who sent it rests on " + submitter.evidence().word() + " alone, which can be forged");
        }
        if (rule.reaction() == Reaction.BAN) {
            return ban(user(submitter.origin()));
        }
        List<MessageStep.MessageRef> messages = mail.messages().stream()
                .filter(message -> message.submitterId().equals(submitter.id())
                        && message.queue().isPresent()
                        && message.root().evidence().trusted())
                .map(MailSnapshot.Message::ref)
                .toList();
        return messages.isEmpty()
                ? Way.none("none of its mail is in the queue")
                : Way.of(new MessageStep.Hold(messages));
    }

    private Way ban(Optional<String> user) {
        if (user.isEmpty()) {
            return Way.none("no user can be named");
        }
        return user.get().equals("root") || mailUsers.isName(user.get())
                ? Way.none(user.get() + " is never banned by a rule")
                : Way.of(new RestrictionStep.Impose(new MailRestriction.Banned(user.get())));
    }

    private static Optional<String> user(MailOrigin origin) {
        if (origin instanceof MailOrigin.LocalUser local) {
            return Optional.of(local.user());
        }
        return origin instanceof MailOrigin.Login login ? Optional.of(login.login()) : Optional.empty();
    }
}
