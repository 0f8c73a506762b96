package org.outguard.procfs.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.owner.Owner;
import org.outguard.procfs.PersistenceScanner;

/** The words of an index of evidence: JSON objects as maps. */
final class EvidenceIndex {

    private EvidenceIndex() {}

    static Map<String, Object> process(Owner owner) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", owner.pid());
        fields.put("startTime", owner.id().startTicks());
        fields.put("command", owner.command());
        fields.put("exe", owner.exe());
        fields.put("exeDeleted", owner.exeDeleted());
        fields.put("cwd", owner.cwd());
        fields.put("commandLine", SecretRedactor.maskArguments(owner.commandLine()));
        fields.put("uid", Integer.toUnsignedLong(owner.uid()));
        fields.put("user", owner.user());
        if (owner.loginUid().isPresent()) {
            fields.put("loginUid", Integer.toUnsignedLong(owner.loginUid().getAsInt()));
        }
        fields.put("cgroup", owner.cgroup());
        fields.put("unit", owner.unit());
        fields.put("container", owner.container());
        fields.put("netns", owner.netns());
        fields.put("script", owner.script());
        fields.put(
                "parents",
                owner.parents().stream()
                        .map(parent -> Map.of(
                                "pid",
                                parent.id().pid(),
                                "startTime",
                                parent.id().startTicks(),
                                "command",
                                parent.command()))
                        .toList());
        return fields;
    }

    static Map<String, Object> file(NewestFiles.Entry entry, String path) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", path);
        fields.put("bytes", entry.size());
        fields.put("modified", entry.modified().toInstant().toString());
        fields.put("changed", entry.changed().toInstant().toString());
        fields.put("uid", Integer.toUnsignedLong(entry.uid()));
        fields.put("mode", Integer.toOctalString(entry.mode()));
        return fields;
    }

    static Map<String, Object> place(PersistenceScanner.Place place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", place.kind());
        fields.put("file", place.file().toString());
        fields.put("lines", place.lines());
        return fields;
    }

    static List<Map<String, Object>> exhibits(List<EvidenceFolder.Exhibit> exhibits) {
        return exhibits.stream()
                .map(exhibit -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("file", exhibit.file());
                    fields.put("source", exhibit.source());
                    fields.put("bytes", exhibit.bytes());
                    fields.put("sha256", exhibit.sha256());
                    fields.put("cut", exhibit.cut());
                    return fields;
                })
                .toList();
    }
}
