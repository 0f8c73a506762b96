package org.outguard.tui;

import java.util.List;
import java.util.function.LongSupplier;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Palette;
import org.outguard.tui.draw.Size;
import org.outguard.tui.state.Setting;

/** The scenes of this room for a program of its own, and what it has to show of them. */
public final class SceneDesk implements GuardClient {

    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final boolean changing;
    private final long begin;

    private SceneDesk(LongSupplier nanoTime, boolean changing) {
        this.nanoTime = nanoTime;
        this.changing = changing;
        this.begin = nanoTime.getAsLong();
    }

    /** Stands still, or changes each second. */
    public static SceneDesk of(LongSupplier nanoTime, boolean changing) {
        return new SceneDesk(nanoTime, changing);
    }

    /** On a terminal with 256 colours that may be asked what it knows. */
    public static Setting setting() {
        Setting plain = Scenes.setting(Look.of(Palette.MANY));
        return new Setting(
                plain.host(), plain.by(), plain.look(), plain.times(), true, false, plain.keys(), plain.evidence());
    }

    /** What is on the screen after keys were pressed, a line for each row. */
    public static String expected(Size size, String keys) {
        return new Stage(new FakeDesk(still()), size, setting()).press(keys).text();
    }

    private static Snapshot still() {
        return Scenes.withMail(Scenes.blocked(), MailScenes.picture());
    }

    @Override
    public Snapshot snapshot() {
        long passed = nanoTime.getAsLong() - begin;
        // Ticks go on where nothing changes, or the data would be late.
        return changing ? Scenes.later((int) (passed / SECOND)) : Scenes.numbered(still(), 500 + passed * 4 / SECOND);
    }

    @Override
    public Action.Plan preview(Step step) {
        return Scenes.plan(step);
    }

    @Override
    public List<Objection> objections(Step step) {
        return List.of();
    }

    @Override
    public List<AllowRule> allowedInLockdown() {
        return OccasionScenes.ALLOWED;
    }

    @Override
    public void submit(Command command) {
        // Nobody carries anything out here.
    }
}
