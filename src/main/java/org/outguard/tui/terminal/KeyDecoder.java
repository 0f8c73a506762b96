package org.outguard.tui.terminal;

import com.googlecode.lanterna.input.CharacterPattern;
import com.googlecode.lanterna.input.DefaultKeyDecodingProfile;
import com.googlecode.lanterna.input.KeyStroke;
import com.googlecode.lanterna.input.KeyType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes from a terminal to what they mean. A sequence that arrives in parts, as over a slow link, is waited for; pasted
 * text is not typed and is dropped, so that no paste blocks anything.
 */
public final class KeyDecoder {

    /** How long to wait for the rest of a sequence before a lone escape is the key of that name. */
    public static final int ESCAPE_MILLIS = 100;

    private static final String PASTE_START = "\033[200~";
    private static final String PASTE_END = "\033[201~";
    private static final int MOST_PENDING = 64;

    /* Mouse reports of xterm's mode 1006, and its answer to DECRQM (both in ctlseqs). */
    private static final Pattern MOUSE = Pattern.compile("\033\\[<(\\d{1,3});(\\d{1,4});(\\d{1,4})([Mm])");
    private static final Pattern MODE = Pattern.compile("\033\\[\\?2026;([0-4])\\$y");

    private static final Pattern BACKGROUND = Pattern.compile(
            "\033\\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?(?:\007|\033\\\\)");

    private final Collection<CharacterPattern> patterns = new DefaultKeyDecodingProfile().getPatterns();
    private final StringBuilder pending = new StringBuilder();
    private final ByteBuffer bytes = ByteBuffer.allocate(4_096);
    private final CharBuffer chars = CharBuffer.allocate(4_096);
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.IGNORE)
            .onUnmappableCharacter(CodingErrorAction.IGNORE);
    private boolean pasting;

    /** Whether part of a sequence is there. */
    public boolean waiting() {
        return !pending.isEmpty() && !pasting;
    }

    /** Takes bytes; returns what is complete. */
    public List<Input> take(byte[] from, int length) {
        List<Input> got = new ArrayList<>();
        for (int at = 0; at < length; ) {
            int part = Math.min(length - at, bytes.remaining());
            bytes.put(from, at, part).flip();
            at += part;
            utf8.decode(bytes, chars, false);
            bytes.compact();
            chars.flip();
            while (chars.hasRemaining()) {
                pending.append(chars.get());
                step(got, false);
            }
            chars.clear();
        }
        return got;
    }

    /** No more came in time: what is there is all there will be. */
    public List<Input> timeOut() {
        List<Input> got = new ArrayList<>();
        if (!pasting) {
            step(got, true);
        }
        return got;
    }

    private void step(List<Input> got, boolean last) {
        if (pasting) {
            if (pending.indexOf(PASTE_END) >= 0) {
                pasting = false;
                pending.setLength(0);
            } else if (pending.length() >= PASTE_END.length()) {
                pending.deleteCharAt(0);
            }
            return;
        }
        String text = pending.toString();
        if (text.equals(PASTE_START)) {
            pasting = true;
            pending.setLength(0);
            return;
        }
        if (!last && (unfinished(text) || text.length() < 2 && text.startsWith("\033"))) {
            return;
        }
        pending.setLength(0);
        if (!text.isEmpty()) {
            meaning(text).ifPresent(got::add);
        }
    }

    /* ECMA-48 5.4: a control sequence ends with a byte from 0x40 to 0x7e; SS3 is followed by one character. */
    private static boolean unfinished(String text) {
        if (text.length() >= MOST_PENDING) {
            return false;
        }
        if (!text.startsWith("\033")) {
            return Character.isHighSurrogate(text.charAt(text.length() - 1));
        }
        if (text.startsWith("\033]")) {
            return !text.endsWith("\007") && !text.endsWith("\033\\");
        }
        if (text.startsWith("\033[")) {
            // The Linux console sends ESC [ [ A for F1.
            boolean linux = text.startsWith("\033[[");
            char end = text.charAt(text.length() - 1);
            return text.length() <= (linux ? 3 : 2) || end < 0x40;
        }
        return text.equals("\033O") || text.equals("\033\033");
    }

    private Optional<Input> meaning(String text) {
        if (text.equals("\r") || text.equals("\033OM")) {
            return Optional.of(new Input.Key("Enter"));
        }
        if (text.equals("\033[0n")) {
            return Optional.of(new Input.Shown());
        }
        if (text.charAt(0) >= 0x80) {
            return Optional.of(new Input.Key(text)).filter(Input.Key::types).map(key -> key);
        }
        return report(text).or(() -> key(text).map(Input.Key::new));
    }

    /* XParseColor(3): one to four hexadecimal digits each; weights are those of ITU-R BT.601. */
    private static Optional<Input> background(Matcher colour) {
        double light = 0;
        double[] weights = {0.299, 0.587, 0.114};
        for (int i = 0; i < 3; i++) {
            String digits = colour.group(i + 1);
            light += weights[i] * Integer.parseInt(digits, 16) / ((1 << 4 * digits.length()) - 1);
        }
        return Optional.of(new Input.Background(light > 0.5));
    }

    private static Optional<Input> report(String text) {
        Matcher colour = BACKGROUND.matcher(text);
        if (colour.matches()) {
            return background(colour);
        }
        Matcher mode = MODE.matcher(text);
        if (mode.matches()) {
            // 1 set, 2 reset; 0 is not known, 3 and 4 cannot be changed.
            String state = mode.group(1);
            return Optional.of(new Input.Synchronized(state.equals("1") || state.equals("2")));
        }
        Matcher mouse = MOUSE.matcher(text);
        if (!mouse.matches() || mouse.group(4).equals("m")) {
            return Optional.empty();
        }
        int column = Integer.parseInt(mouse.group(2)) - 1;
        int row = Integer.parseInt(mouse.group(3)) - 1;
        return switch (Integer.parseInt(mouse.group(1))) {
            case 0 -> Optional.of(new Input.Mouse(Input.Button.LEFT, column, row));
            case 64 -> Optional.of(new Input.Mouse(Input.Button.WHEEL_UP, column, row));
            case 65 -> Optional.of(new Input.Mouse(Input.Button.WHEEL_DOWN, column, row));
            default -> Optional.empty();
        };
    }

    private Optional<String> key(String text) {
        List<Character> characters = text.chars().mapToObj(c -> (char) c).toList();
        return patterns.stream()
                .map(pattern -> pattern.match(characters))
                .filter(found -> found != null && found.fullMatch != null)
                .findFirst()
                .flatMap(found -> name(found.fullMatch));
    }

    private static Optional<String> name(KeyStroke stroke) {
        if (stroke.isAltDown()) {
            return Optional.empty();
        }
        KeyType type = stroke.getKeyType();
        return switch (type) {
            case Character ->
                Optional.of(
                        stroke.isCtrlDown()
                                ? "Ctrl-" + Character.toUpperCase(stroke.getCharacter())
                                : stroke.getCharacter().toString());
            case ArrowUp -> Optional.of("Up");
            case ArrowDown -> Optional.of("Down");
            case ArrowLeft -> Optional.of("Left");
            case ArrowRight -> Optional.of("Right");
            case PageUp -> Optional.of("PgUp");
            case PageDown -> Optional.of("PgDn");
            case Escape -> Optional.of("Esc");
            case ReverseTab -> Optional.of("Shift-Tab");
            case Home, End, Enter, Tab, Backspace, Delete, F1, F2, F3, F4, F5, F6, F7, F8, F9, F10 ->
                Optional.of(type.name());
            default -> Optional.empty();
        };
    }
}
