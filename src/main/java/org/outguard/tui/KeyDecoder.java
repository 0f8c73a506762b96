package org.outguard.tui;

import com.googlecode.lanterna.input.CharacterPattern;
import com.googlecode.lanterna.input.DefaultKeyDecodingProfile;
import com.googlecode.lanterna.input.KeyStroke;
import com.googlecode.lanterna.input.KeyType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Bytes of a keyboard to names of keys: {@code "b"}, {@code "S"}, {@code "Up"}, {@code "F10"}, {@code "Ctrl-L"},
 * {@code "Esc"}. A sequence that arrives in parts, as over a slow link, is waited for; pasted text is not typed and is
 * dropped, so that no paste blocks anything.
 */
final class KeyDecoder {

    /** How long to wait for the rest of a sequence before a lone escape is the key of that name. */
    static final int ESCAPE_MILLIS = 100;

    private static final String PASTE_START = "\033[200~";
    private static final String PASTE_END = "\033[201~";
    private static final int MOST_PENDING = 64;

    private final Collection<CharacterPattern> patterns = new DefaultKeyDecodingProfile().getPatterns();
    private final StringBuilder pending = new StringBuilder();
    private boolean pasting;

    /** Whether part of a sequence is there. */
    boolean waiting() {
        return !pending.isEmpty() && !pasting;
    }

    /** Takes bytes; returns the keys that are complete. */
    List<String> take(byte[] bytes, int length) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c < 0x80) {
                pending.append(c);
                step(keys, false);
            }
        }
        return keys;
    }

    /** No more came in time: what is there is all there will be. */
    List<String> timeOut() {
        List<String> keys = new ArrayList<>();
        if (!pasting) {
            step(keys, true);
        }
        return keys;
    }

    private void step(List<String> keys, boolean last) {
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
            key(text).ifPresent(keys::add);
        }
    }

    /* ECMA-48 5.4: a control sequence ends with a byte from 0x40 to 0x7e; SS3 is followed by one character. */
    private static boolean unfinished(String text) {
        if (text.length() >= MOST_PENDING || !text.startsWith("\033")) {
            return false;
        }
        if (text.startsWith("\033[")) {
            // The Linux console sends ESC [ [ A for F1.
            boolean linux = text.startsWith("\033[[");
            char end = text.charAt(text.length() - 1);
            return text.length() <= (linux ? 3 : 2) || end < 0x40;
        }
        return text.equals("\033O") || text.equals("\033\033");
    }

    private Optional<String> key(String text) {
        if (text.equals("\r") || text.equals("\033OM")) {
            return Optional.of("Enter");
        }
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
            case Home, End, Enter, Tab, F1, F10 -> Optional.of(type.name());
            default -> Optional.empty();
        };
    }
}
