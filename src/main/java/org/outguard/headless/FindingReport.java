package org.outguard.headless;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.text.SafeText;
import org.outguard.text.Severity;

/** What {@code outguard doctor} prints. */
public final class FindingReport {

    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .build();

    private FindingReport() {}

    /** For people: each finding with its reason and what mends it. */
    public static String text(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "nothing found\n";
        }
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(finding.severity() == Severity.HIGH ? "high: " : "")
                    .append(finding.cost().words())
                    .append(": ")
                    .append(SafeText.clean(finding.what()))
                    .append('\n');
            finding.evidence()
                    .forEach(fact ->
                            text.append("  seen: ").append(SafeText.clean(fact)).append('\n'));
            text.append("  why: ").append(SafeText.clean(finding.why())).append('\n');
            text.append("  fix: ").append(SafeText.clean(finding.fix())).append('\n');
            if (!finding.undo().isEmpty()) {
                text.append("  undo: ").append(SafeText.clean(finding.undo())).append('\n');
            }
            text.append('\n');
        }
        int count = findings.size();
        return text.append(count)
                .append(count == 1 ? " finding\n" : " findings\n")
                .toString();
    }

    /** For programs: how far this kernel lets a process be confined; no finding. */
    public static String confinement(Instant at, String line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "confinement");
        fields.put("at", at.toString());
        fields.put("confined", SafeText.clean(line));
        return object(fields);
    }

    /** For programs: one object a line, of a type of their own. */
    public static String json(Instant at, List<Finding> findings) {
        StringBuilder lines = new StringBuilder();
        for (Finding finding : findings) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "finding");
            fields.put("at", at.toString());
            fields.put("id", finding.id());
            fields.put("severity", finding.severity().word());
            fields.put("cost", finding.cost().name());
            fields.put("subject", SafeText.clean(finding.subject()));
            fields.put("what", SafeText.clean(finding.what()));
            fields.put(
                    "evidence", finding.evidence().stream().map(SafeText::clean).toList());
            fields.put("why", SafeText.clean(finding.why()));
            fields.put("fix", SafeText.clean(finding.fix()));
            fields.put("undo", SafeText.clean(finding.undo()));
            lines.append(object(fields));
        }
        return lines.toString();
    }

    private static String object(Map<String, Object> fields) {
        try {
            return ASCII.asString(fields) + '\n';
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }
}
