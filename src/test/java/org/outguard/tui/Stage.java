package org.outguard.tui;

import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.draw.Grid;
import org.outguard.tui.draw.Size;
import org.outguard.tui.state.Setting;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.view.Timeline;
import org.outguard.tui.view.Views;

/** The screen without its terminal: keys are pressed, frames are drawn, and nothing takes time. */
public final class Stage {

    private final Timeline timeline = new Timeline();
    private final FakeDesk desk;
    private final Views views;
    private final Screen screen;
    private final Controller controller;
    private final Mouse mouse;
    private final Size size;
    private ViewState view;

    public Stage(FakeDesk desk, Size size, Setting setting) {
        Proposals proposals = new Proposals(setting.by(), setting.evidence(), desk::allowedInLockdown);
        this.views = new Views(setting.times(), timeline);
        this.mouse = new Mouse(views);
        this.desk = desk;
        this.size = size;
        this.screen = new Screen(setting, views, proposals, desk.lookups, timeline);
        this.controller = new Controller(desk, views, setting.keys(), proposals, desk.lookups);
        this.view = ViewState.first(views.hidden(setting.columns().read())).withWelcome(setting.firstRun());
    }

    /** Presses keys, separated by blanks; {@code Space} is the key of that name. */
    public Stage press(String keys) {
        for (String key : keys.isEmpty() ? new String[0] : keys.split(" ", -1)) {
            Screen.Arranged now = arrange();
            Input.Key pressed = new Input.Key(key.equals("Space") ? " " : key);
            view = controller.press(pressed, now.view(), now.seen()).view();
        }
        return this;
    }

    /** Types text, letter by letter. */
    public Stage type(String text) {
        text.codePoints().forEach(point -> {
            Screen.Arranged now = arrange();
            view = controller
                    .press(new Input.Key(Character.toString(point)), now.view(), now.seen())
                    .view();
        });
        return this;
    }

    public Stage click(Input.Button button, int column, int row) {
        Screen.Arranged now = arrange();
        view = mouse.take(new Input.Mouse(button, column, row), now.view(), now);
        return this;
    }

    Screen.Arranged arrange() {
        timeline.observe(desk.snapshot);
        return screen.arrange(size, desk.snapshot, view, false);
    }

    public Grid draw() {
        Screen.Arranged now = arrange();
        view = now.view();
        return screen.draw(size, now);
    }

    public String text() {
        Grid grid = draw();
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < size.rows(); row++) {
            text.append(grid.text(row).stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
