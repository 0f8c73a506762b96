/**
 * The screen: this package may import text, flow, owner, mail and guard, and is the only one that knows Lanterna's drawing.
 *
 * <p>A frame is a pure function of a snapshot, a {@link org.outguard.tui.state.ViewState} and a size: a {@link
 * org.outguard.tui.draw.Grid} of Lanterna's cells. {@link org.outguard.tui.terminal.FrameEncoder} sends what differs from the frame
 * before in one write. Keys come back as commands that name identities, never rows.
 */
@NullMarked
package org.outguard.tui;

import org.jspecify.annotations.NullMarked;
