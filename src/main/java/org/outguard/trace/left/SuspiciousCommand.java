package org.outguard.trace.left;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a command line does what intruders have done again and again by cron, units and profiles, and honest admins do not. */
final class SuspiciousCommand {

    private static final int MAX_CHARS = 8_192;

    /* Where a shell looks for a command: at the beginning, behind what separates commands, and behind what runs another. */
    private static final String COMMAND =
            "(?:^|[;&|(`=]|\\s)\\s*(?:(?:\\S*/)?(?:sh|bash|dash|zsh|perl|python[\\d.]*|php[\\d.]*|nohup|exec|setsid|nice|sudo|source|\\.)\\s+(?:-\\S+\\s+)*)?[\"']?";
    private static final String FETCH = "\\b(?:curl|wget|fetch|lwp-request|lynx)\\b";
    private static final String SHELL = "(?:\\S*/)?(?:ba|da|z|k|a)?sh\\b|\\b(?:python[\\d.]*|perl|php[\\d.]*)\\b";

    private static final Map<Pattern, String> REASONS = reasons();

    private SuspiciousCommand() {}

    private static Map<Pattern, String> reasons() {
        Map<Pattern, String> reasons = new LinkedHashMap<>();
        add(reasons, FETCH + "[^;]*\\|\\s*(?:sudo\\s+)?(?:" + SHELL + ")", "fetches a script and runs it");
        add(
                reasons,
                "(?:" + SHELL + ")\\s+(?:-c\\s+)?[\"']?(?:<\\(|\\$\\(|`)\\s*" + FETCH,
                "fetches a script and runs it");
        add(
                reasons,
                FETCH + "[^;&|]*\\s(?:-o|-O|--output|>)\\s*\"?/(?:tmp|var/tmp|dev/shm|run)/",
                "fetches a file into a folder that everybody may write to");
        add(reasons, "base64\\s+(?:-d|-D|--decode)[^;]*\\|\\s*(?:" + SHELL + ")", "runs what it has decoded");
        add(reasons, "/dev/(?:tcp|udp)/", "the shell connects to a remote by itself");
        add(reasons, "\\b(?:nc|ncat|netcat)\\b[^;|]*\\s-[a-z]*[ec]\\b", "gives a shell to a remote");
        add(reasons, "\\bbash\\s+-i\\b.*(?:>&|0>|<&)", "gives a shell to a remote");
        add(reasons, "\\bsocat\\b.*\\bexec:", "gives a shell to a remote");
        add(
                reasons,
                "(?i)xmrig|stratum\\+(?:tcp|ssl)|minerd|kinsing|kdevtmpfsi|cryptonight",
                "runs a miner by its name");
        add(
                reasons,
                "LD_PRELOAD=[\"']?/(?:tmp|var/tmp|dev/shm)/",
                "loads a library from a folder that everybody may write to");
        add(
                reasons,
                "(?:perl\\s+-e|python[\\d.]*\\s+-c|php[\\d.]*\\s+-r)\\s.*(?:socket|base64|eval|exec|urllib|fsockopen)",
                "runs a script out of its own line");
        add(reasons, "^@?[\"']?/dev/shm/", "runs a program in /dev/shm");
        return reasons;
    }

    private static void add(Map<Pattern, String> reasons, String pattern, String reason) {
        reasons.put(Pattern.compile(pattern), reason);
    }

    /* Beside arguments of rm, find and redirections: those name such folders too. */
    private static final Pattern TEMPORARY =
            Pattern.compile(COMMAND + "/(?:tmp|var/tmp|dev/shm|var/spool/samba|run/\\.|dev/\\.)[^\\s\"';|&)]*");
    private static final Pattern ARGUMENT = Pattern.compile(
            "\\b(?:find|rm|rmdir|ls|test|cd|mkdir|touch|chmod|chown|tmpreaper|tmpwatch|mv|cp|du|df|flock|cat|tee|logger|rsync|tar|\\[)\\b[^;&|]*$|>\\s*$|--?[\\w-]+[=\\s]+$");

    private static final Pattern HIDDEN = Pattern.compile(
            "(?:^|[;&|(`=]|\\s)[\"']?(?:/(?:tmp|var|dev|run|usr|etc|lib)(?:/[^\\s/.][^\\s/]*)*)/\\.[^\\s/.][^\\s\"';|&)]*");

    /** Why it is; empty where it is not. */
    static Optional<String> reason(String line) {
        String command = line.substring(0, Math.min(line.length(), MAX_CHARS));
        for (Map.Entry<Pattern, String> reason : REASONS.entrySet()) {
            if (reason.getKey().matcher(command).find()) {
                return Optional.of(reason.getValue());
            }
        }
        var hidden = HIDDEN.matcher(command);
        if (hidden.find()
                && !ARGUMENT.matcher(command.substring(0, hidden.start() + 1)).find()) {
            return Optional.of("runs a hidden file");
        }
        var temporary = TEMPORARY.matcher(command);
        while (temporary.find()) {
            if (!ARGUMENT.matcher(command.substring(0, temporary.start() + 1)).find()) {
                return Optional.of("runs a program in a folder that everybody may write to");
            }
        }
        return Optional.empty();
    }
}
