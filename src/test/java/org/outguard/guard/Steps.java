package org.outguard.guard;

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
        List<MailStep.MessageRef> messages = messages(random, text);
        List<MailStep.Setting> settings = settings(random, text);
        Supplier texts = () -> text.apply(random);
        return List.of(
                new NetworkStep.Block(target, Duration.ofNanos(random.nextLong() & Long.MAX_VALUE)),
                new NetworkStep.Unblock(target, texts.next()),
                new ProcessStep.Freeze(process, texts.next(), scope),
                new ProcessStep.Thaw(process, texts.next(), scope, texts.next()),
                new ProcessStep.Kill(Victim.journaled(process, texts.next()), scope, texts.next()),
                new ProcessStep.Keep(process, texts.next(), texts.next()),
                new MailStep.Hold(messages),
                new MailStep.Release(messages, texts.next()),
                new MailStep.Delete(messages, texts.next()),
                new MailStep.Requeue(messages),
                new MailStep.Flush(messages, texts.next()),
                new MailStep.HoldAll(settings),
                new MailStep.AcceptAll(settings, texts.next()),
                new MailStep.Ban(texts.next(), settings),
                new MailStep.Unban(texts.next(), settings, texts.next()));
    }

    private interface Supplier {
        String next();
    }

    private static List<MailStep.MessageRef> messages(Random random, Function<Random, String> text) {
        List<MailStep.MessageRef> messages = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            messages.add(new MailStep.MessageRef(
                    new QueueId("", text.apply(random), text.apply(random)),
                    Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)),
                    text.apply(random)));
        }
        return messages;
    }

    private static List<MailStep.Setting> settings(Random random, Function<Random, String> text) {
        List<MailStep.Setting> settings = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            settings.add(new MailStep.Setting(
                    text.apply(random),
                    text.apply(random),
                    random.nextBoolean() ? Optional.of(text.apply(random)) : Optional.empty()));
        }
        return settings;
    }
}
