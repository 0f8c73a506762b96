package org.outguard.guard.action;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import org.outguard.mail.QueueId;
import org.outguard.owner.ProcessId;

/** Steps of every kind, for tests that hold for all of them. */
public final class Steps {

    private Steps() {}

    /** One of each kind, filled at random. */
    public static List<Step> all(Random random, Function<Random, String> text) {
        BlockTarget target = new BlockTarget(
                Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(random.nextInt()));
        ProcessId process = new ProcessId(random.nextInt(Integer.MAX_VALUE), random.nextLong() & Long.MAX_VALUE);
        ProcessStep.Scope scope = random.nextBoolean() ? ProcessStep.Scope.TREE : ProcessStep.Scope.CGROUP;
        List<MessageStep.MessageRef> messages = messages(random, text);
        List<RestrictionStep.Setting> settings = settings(random, text);
        Supplier texts = () -> text.apply(random);
        return List.of(
                new NetworkStep.Block(target, Duration.ofNanos(random.nextLong() & Long.MAX_VALUE)),
                new NetworkStep.Unblock(target, texts.next()),
                new ProcessStep.Freeze(process, texts.next(), scope),
                new ProcessStep.Thaw(process, texts.next(), scope, texts.next()),
                new ProcessStep.Kill(KillTarget.journaled(process, texts.next()), scope, texts.next()),
                new ProcessStep.Keep(process, texts.next(), texts.next()),
                new MessageStep.Hold(messages),
                new MessageStep.Release(messages, texts.next()),
                new MessageStep.Delete(messages, texts.next()),
                new MessageStep.Requeue(messages),
                new MessageStep.Flush(messages, texts.next()),
                new RestrictionStep.Impose(new MailRestriction.AllHeld(), settings),
                new RestrictionStep.Lift(new MailRestriction.AllHeld(), settings, texts.next()),
                new RestrictionStep.Impose(new MailRestriction.Banned(texts.next()), settings),
                new RestrictionStep.Lift(new MailRestriction.Banned(texts.next()), settings, texts.next()),
                new RestrictionStep.Impose(new MailRestriction.Slowed(random.nextInt(3_600)), settings),
                new RestrictionStep.Lift(new MailRestriction.Slowed(10), settings, texts.next()));
    }

    private interface Supplier {
        String next();
    }

    private static List<MessageStep.MessageRef> messages(Random random, Function<Random, String> text) {
        List<MessageStep.MessageRef> messages = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            messages.add(new MessageStep.MessageRef(
                    new QueueId("", text.apply(random), text.apply(random)),
                    Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)),
                    text.apply(random)));
        }
        return messages;
    }

    private static List<RestrictionStep.Setting> settings(Random random, Function<Random, String> text) {
        List<RestrictionStep.Setting> settings = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            settings.add(new RestrictionStep.Setting(
                    text.apply(random),
                    text.apply(random),
                    random.nextBoolean() ? Optional.of(text.apply(random)) : Optional.empty()));
        }
        return settings;
    }
}
