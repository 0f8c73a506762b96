package org.outguard.maillog;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes a long mail log for {@code packaging/bench --mail}: that of the corpus over and over, each time later and with other
 * queue ids. {@code LogMaker FILE LINES}
 */
public final class LogMaker {

    private static final int STAMP = 15;
    private static final int LAST_ID = 0xFFFFF;
    private static final Pattern ID = Pattern.compile("\\b([0-9A-F]{5})([0-9A-F]{6})\\b");
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendPattern("MMM d HH:mm:ss")
            .parseDefaulting(ChronoField.YEAR, 2026)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private LogMaker() {}

    /** Writes it. */
    public static void main(String[] args) throws IOException {
        List<String> lines = new String(Corpus.bytes("postfix-syslog/mail.log"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        List<LocalDateTime> times = lines.stream().map(LogMaker::time).toList();
        Duration each =
                Duration.between(times.get(0), times.get(times.size() - 1)).plusSeconds(2);
        int wanted = Integer.parseInt(args[1]);
        int written = 0;
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(args[0]), StandardCharsets.UTF_8)) {
            for (int copy = 0; written < wanted; copy++) {
                Duration later = each.multipliedBy(copy);
                for (int i = 0; i < lines.size() && written < wanted; i++, written++) {
                    out.write(WRITTEN.format(times.get(i).plus(later)));
                    out.write(withOtherIds(lines.get(i).substring(STAMP), copy * 7_919));
                    out.newLine();
                }
            }
        }
    }

    private static LocalDateTime time(String line) {
        return LocalDateTime.parse(line.substring(0, STAMP).replaceAll(" +", " "), READ);
    }

    private static String withOtherIds(String text, int shift) {
        return ID.matcher(text)
                .replaceAll(id ->
                        String.format("%05X%s", Integer.parseInt(id.group(1), 16) + shift & LAST_ID, id.group(2)));
    }
}
