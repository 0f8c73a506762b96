package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner;
import org.outguard.mail.QueueId;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.MailSystem.Done;
import org.outguard.mta.ProgramCalls;

/** What is set is merged with and put back to the letter, and what postsuper did is counted from what it says. */
class PostfixActionsTest {

    private static final String USERS = "authorized_submit_users";

    @TempDir
    Path folder;

    private final Machine machine = new Machine();
    private PostfixSubmission submission;

    @BeforeEach
    void set() {
        ProgramCalls calls = new ProgramCalls(machine);
        PostfixConfiguration configuration = new PostfixConfiguration(calls, folder.toString());
        submission = new PostfixSubmission(
                configuration,
                new LoginBan(configuration, new OpenSessions(calls), calls),
                new Master(calls, folder, folder),
                new LoopbackBan(calls),
                MailCorpus.users());
    }

    private List<Setting> ban(String user) {
        List<Setting> before = submission.before(new RestrictionStep.Impose(new MailRestriction.Banned(user)));
        assertThat(submission.run(new RestrictionStep.Impose(new MailRestriction.Banned(user), before)))
                .isEqualTo(Done.all(1));
        return before;
    }

    private void unban(String user, List<Setting> before) {
        assertThat(submission.run(new RestrictionStep.Lift(new MailRestriction.Banned(user), before, "a-1")))
                .isEqualTo(Done.all(1));
    }

    @Test
    void whereNothingWasSetNothingIsSetAfterwards() {
        List<Setting> before = ban("www-data");
        assertThat(machine.main.get(USERS)).isEqualTo("!www-data, static:anyone");
        assertThat(before).contains(new Setting(folder.toString(), USERS, Optional.empty()));
        unban("www-data", before);
        assertThat(machine.main).doesNotContainKey(USERS);
        assertThat(machine.bannedUids).isEmpty();
    }

    @Test
    void aBanThatWasMadeTwiceGoesWithoutTraceToo() {
        RestrictionStep first = new RestrictionStep.Impose(new MailRestriction.Banned("www-data"), ban("www-data"));
        RestrictionStep.Impose again =
                new RestrictionStep.Impose(new MailRestriction.Banned("www-data"), ban("www-data"));
        assertThat(submission.inForce(again.on())).isEqualTo(StepRunner.Extent.ALL);
        unban("www-data", again.after(first).settings());
        assertThat(machine.main).doesNotContainKey(USERS);
        assertThat(machine.bannedUids).isEmpty();
        assertThat(submission.inForce(again.on())).isEqualTo(StepRunner.Extent.NOTHING);
    }

    @Test
    void halfABanIsAPart() {
        ban("www-data");
        machine.bannedUids.clear();
        assertThat(submission.inForce(new MailRestriction.Banned("www-data"))).isEqualTo(StepRunner.Extent.PART);
    }

    @Test
    void aBanStandsBeforeWhatIsSetAndGoesWithoutTrace() {
        machine.main.put(USERS, "!games,  root, static:all");
        List<Setting> before = ban("www-data");
        assertThat(machine.main.get(USERS)).startsWith("!www-data, !games,");
        unban("www-data", before);
        assertThat(machine.main.get(USERS)).isEqualTo("!games,  root, static:all");
    }

    @Test
    void aBanThatIsLiftedLeavesALaterOne() {
        List<Setting> first = ban("www-data");
        List<Setting> second = ban("site1");
        unban("www-data", first);
        assertThat(machine.main.get(USERS)).contains("!site1").doesNotContain("www-data");
        assertThat(machine.bannedUids).containsExactly("1001");
        unban("site1", second);
        assertThat(machine.main).doesNotContainKey(USERS);
    }

    @Test
    void whatStoodBeforeIsNotLifted() {
        machine.main.put(USERS, "!www-data, static:all");
        List<Setting> before = ban("www-data");
        unban("www-data", before);
        assertThat(machine.main.get(USERS)).isEqualTo("!www-data, static:all");
    }

    @Test
    void deliveriesAreSlowedAndThenAsFastAsBefore() {
        MailRestriction slowed = new MailRestriction.Slowed(7);
        for (Optional<String> old : List.of(Optional.<String>empty(), Optional.of("1s"))) {
            old.ifPresent(value -> machine.main.put("default_destination_rate_delay", value));
            machine.main.put("relay_destination_rate_delay", "2s");
            List<Setting> before = submission.before(new RestrictionStep.Impose(slowed));
            assertThat(before).containsExactly(new Setting(folder.toString(), "default_destination_rate_delay", old));
            Done done = submission.run(new RestrictionStep.Impose(slowed, before));
            assertThat(done.count()).isEqualTo(1);
            assertThat(done.problems())
                    .containsExactly("relay_destination_rate_delay is set: its transport goes on as before");
            assertThat(machine.main).containsEntry("default_destination_rate_delay", "7s");

            assertThat(submission.run(new RestrictionStep.Lift(slowed, before, "a-1")))
                    .isEqualTo(Done.all(1));
            assertThat(Optional.ofNullable(machine.main.get("default_destination_rate_delay")))
                    .isEqualTo(old);
        }
    }

    @Test
    void undoSaysTheValueThatItSets() {
        for (MailRestriction on : List.of(
                new MailRestriction.Slowed(7), new MailRestriction.AllHeld(), new MailRestriction.Banned("www-data"))) {
            assertThat(submission.commands(new RestrictionStep.Lift(on))).contains("= (what was set)'");
        }
        assertThat(undoing(new MailRestriction.Slowed(7)))
                .contains("postconf -c " + folder + " -X default_destination_rate_delay")
                .doesNotContain("what was set");
        machine.main.put("default_destination_rate_delay", "1s");
        machine.main.put("header_checks", "pcre:/etc/postfix/it's");
        machine.main.put(USERS, "!games, static:all");
        assertThat(undoing(new MailRestriction.Slowed(7))).contains("'default_destination_rate_delay = 1s'");
        assertThat(undoing(new MailRestriction.AllHeld())).contains("header_checks = pcre:/etc/postfix/it");
        assertThat(undoing(new MailRestriction.Banned("www-data"))).contains("'" + USERS + " = !games, static:all'");
    }

    private String undoing(MailRestriction on) {
        return submission.commands(
                new RestrictionStep.Lift(on, submission.before(new RestrictionStep.Impose(on)), "a-1"));
    }

    @Test
    void aSettingThatDoesNotTakeIsAProblem() {
        machine.refusesToWrite = true;
        Done done = submission.run(new RestrictionStep.Impose(new MailRestriction.Banned("www-data")));
        assertThat(done.count()).isZero();
        assertThat(done.problems()).anyMatch(problem -> problem.contains(USERS + " is not in force"));
    }

    @Test
    void namesThatAreNoneAreNotWrittenAnywhere() {
        Done done = submission.run(new RestrictionStep.Impose(new MailRestriction.Banned("x REJECT\nroot")));
        assertThat(done.problems()).isNotEmpty();
        assertThat(machine.main).isEmpty();
    }

    @Test
    void anIdThatAnotherMessageHasByNowIsLeftAlone() throws IOException {
        MailCorpus.unpack("postfix-spool", folder);
        PostfixInstance instance = PostfixInstance.plain(folder, 100);
        PostfixLayout layout = new PostfixLayout(instance, MailCorpus.users());
        PostfixMessages messages = new PostfixMessages(instance, layout, new ProgramCalls(machine));
        String id = "56B3F232381";
        Instant arrival = Instant.parse("2026-11-24T17:57:57.352446Z");
        MessageRef same = ref(id, arrival, "alice@example.org");

        assertThat(messages.run(
                        new MessageStep.Delete(List.of(ref(id, arrival.plusSeconds(1), "alice@example.org")), "")))
                .isEqualTo(Done.none("1 left alone, since another message has the id by now"));
        assertThat(messages.run(new MessageStep.Delete(List.of(ref(id, arrival, "bob@example.org")), ""))
                        .count())
                .isZero();
        assertThat(messages.run(new MessageStep.Delete(List.of(ref("../" + id, arrival, "")), ""))
                        .count())
                .isZero();
        assertThat(machine.held).as("not even for a moment").isEmpty();
        assertThat(machine.deleted).isEmpty();

        assertThat(messages.run(new MessageStep.Hold(
                        List.of(ref(id, arrival, "bob@example.org"), same, ref("A", arrival, "")))))
                .isEqualTo(new Done(
                        1, List.of("1 no longer there", "1 left alone, since another message has the id by now")));
        assertThat(machine.held).containsExactly(id);

        Path nowhere = Files.createFile(folder.resolve("file")).resolve("saved.mbox");
        assertThat(messages.run(new MessageStep.Delete(List.of(same), nowhere.toString()))
                        .problems())
                .as("no export, no delete")
                .anyMatch(problem -> problem.startsWith("nothing is deleted"));
        assertThat(machine.deleted).isEmpty();

        Path mbox = folder.resolve("saved.mbox");
        assertThat(messages.run(new MessageStep.Delete(List.of(same), mbox.toString())))
                .isEqualTo(Done.all(1));
        assertThat(machine.deleted).containsExactly(id);
        assertThat(Files.readString(mbox)).contains("Buy now, number 399710", "X-Outguard-Sender: alice@example.org");
    }

    @Test
    void whatFailsInTheMidstIsCountedAndSaid() throws IOException {
        MailCorpus.unpack("postfix-spool", folder);
        PostfixInstance instance = PostfixInstance.plain(folder, 100);
        PostfixLayout layout = new PostfixLayout(instance, MailCorpus.users());
        PostfixMessages messages = new PostfixMessages(instance, layout, new ProgramCalls(machine));
        MessageRef ref = ref("56B3F232381", Instant.parse("2026-11-24T17:57:57.352446Z"), "alice@example.org");
        machine.failsWith = "postsuper: fatal: scan_dir_push: open directory hold: Permission denied";

        Done done = messages.run(new MessageStep.Hold(List.of(ref)));
        assertThat(done).isEqualTo(new Done(1, List.of("postsuper: " + machine.failsWith), true));

        machine.failsWith = "postqueue: fatal: Flush service is not configured for destination \"a.example\"";
        assertThat(messages.run(new MessageStep.Flush(List.of(), "a.example")).problems())
                .singleElement()
                .asString()
                .contains("not configured for destination", "add a.example to fast_flush_domains");
    }

    @Test
    void someAreRetriedWithoutEverybodysMail() throws IOException {
        MailCorpus.unpack("postfix-spool", folder);
        PostfixInstance instance = PostfixInstance.plain(folder, 100);
        PostfixLayout layout = new PostfixLayout(instance, MailCorpus.users());
        PostfixMessages messages = new PostfixMessages(instance, layout, new ProgramCalls(machine));
        MessageRef ref = ref("56B3F232381", Instant.parse("2026-11-24T17:57:57.352446Z"), "alice@example.org");
        List<MessageRef> many = java.util.Collections.nCopies(60, ref);

        messages.run(new MessageStep.Release(many, ""));
        messages.run(new MessageStep.Flush(many, ""));
        assertThat(machine.retries).isNotEmpty().allMatch(words -> words.equals(List.of("-i", "56B3F232381")));
        assertThat(messages.commands(new MessageStep.Release(many, "")))
                .doesNotContain("postqueue -c " + folder + " -f");
    }

    private static MessageRef ref(String id, Instant arrival, String sender) {
        return new MessageRef(new QueueId("", "postfix", id), arrival, sender);
    }

    /** Programs that behave as those of Postfix and nftables do, on a configuration in memory. */
    private static final class Machine implements CommandRunner {
        final Map<String, String> main = new HashMap<>();
        final Set<String> bannedUids = new LinkedHashSet<>();
        final List<String> held = new ArrayList<>();
        final List<String> deleted = new ArrayList<>();
        final List<List<String>> retries = new ArrayList<>();
        boolean refusesToWrite;
        String failsWith = "";

        @Override
        public CommandResult run(List<String> argv, String stdin, Duration limit) {
            String out = "";
            switch (argv.get(0)) {
                case "postconf" -> out = postconf(argv.subList(3, argv.size()));
                case "nft" -> out = nft(argv, stdin);
                case "postsuper" -> out = postsuper(argv.get(3), stdin);
                case "postqueue" -> retries.add(argv.subList(3, argv.size()));
                default -> {
                    // Reloads and the like.
                }
            }
            return new CommandResult.Finished(failsWith.isEmpty() ? 0 : 1, out, failsWith);
        }

        private String postconf(List<String> words) {
            String parameter = words.get(words.size() - 1);
            String builtIn = parameter.equals(USERS) ? "static:anyone" : "";
            switch (words.get(0)) {
                case "-h" -> {
                    return main.getOrDefault(parameter, builtIn) + "\n";
                }
                case "-d" -> {
                    return builtIn + "\n";
                }
                case "-n" -> {
                    if (words.size() == 1) {
                        return main.entrySet().stream()
                                .map(set -> set.getKey() + " = " + set.getValue() + "\n")
                                .collect(Collectors.joining());
                    }
                    return main.containsKey(parameter) ? parameter + " = " + main.get(parameter) + "\n" : "";
                }
                case "-X" -> main.remove(parameter);
                case "-e" -> {
                    String[] parts = parameter.split(" = ", 2);
                    if (!refusesToWrite) {
                        main.put(parts[0], parts[1]);
                    }
                }
                default -> {
                    // Nobody can log in here.
                }
            }
            return "";
        }

        private String nft(List<String> argv, String stdin) {
            if (argv.contains("-f")) {
                bannedUids.add(stdin.replaceAll("(?s).*\\{ (\\d+) \\}\\s*", "$1"));
            } else if (argv.contains("table")) {
                bannedUids.clear();
            } else if (argv.contains("delete")) {
                bannedUids.remove(argv.get(argv.size() - 1).replaceAll("\\D", ""));
            }
            return bannedUids.isEmpty() ? "set banned { }" : "elements = { " + String.join(", ", bannedUids) + " }";
        }

        /* Silent about what it does not know, and status 0. */
        private String postsuper(String option, String stdin) {
            StringBuilder out = new StringBuilder();
            stdin.lines().forEach(id -> {
                (option.equals("-d") ? deleted : held).add(id);
                out.append("postsuper: ").append(id).append(option.equals("-d") ? ": removed\n" : ": placed on hold\n");
            });
            return out.toString();
        }
    }
}
