package org.outguard.guard.mail;

import java.util.HashMap;
import java.util.Map;
import org.outguard.mail.OriginGroup;

/** Reasons of deferrals without what is particular to one message; most messages share one of few. */
final class ReasonPatterns {

    private static final int MAX_PATTERNS = 1_024;

    private final Map<String, String> patterns = new HashMap<>();

    /** What such reasons have in common. */
    String of(String reason) {
        if (reason.isEmpty()) {
            return "";
        }
        if (patterns.size() >= MAX_PATTERNS) {
            patterns.clear();
        }
        return patterns.computeIfAbsent(reason, OriginGroup::pattern);
    }
}
