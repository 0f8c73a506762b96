package org.outguard.tui.keys;

import java.util.List;
import java.util.stream.Collectors;

/** The keys for the manual page, from the table that the screen uses. */
public final class KeyManual {

    private KeyManual() {}

    /** A tagged paragraph of man(7) for each key. */
    public static String roff() {
        List<Keys.Binding> all = Keys.usual().table();
        return all.stream()
                .map(binding -> ".TP\n.B " + escape(label(binding)) + "\n" + escape(said(binding)) + ".\n")
                .collect(Collectors.joining());
    }

    private static String said(Keys.Binding binding) {
        return binding.word().isEmpty() ? binding.description() : binding.word() + ": " + binding.description();
    }

    /* The manual is read where arrows may not be in the font. */
    private static String label(Keys.Binding binding) {
        return binding.keys().stream()
                .map(key -> key.equals(" ") ? "Space" : key)
                .collect(Collectors.joining(", "));
    }

    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
