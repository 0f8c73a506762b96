package org.outguard.headless;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.SafeText;

/** The field {@code owner} of an offender. What /proc did not tell is null. */
final class OwnerJson {

    private OwnerJson() {}

    static void write(JsonGenerator json, Optional<Owner> known) throws IOException {
        if (known.isEmpty()) {
            json.writeNullField("owner");
            return;
        }
        json.writeFieldName("owner");
        write(json, known.get());
    }

    /** A user of whom no process is known: the same fields, null where they are a process's. */
    static void write(JsonGenerator json, Attribution.OfUser user) throws IOException {
        json.writeFieldName("owner");
        json.writeStartObject();
        for (String unknown : List.of("pid", "startTime", "command", "exe")) {
            json.writeNullField(unknown);
        }
        json.writeBooleanField("exeDeleted", false);
        json.writeNullField("cwd");
        json.writeNullField("commandLine");
        json.writeNumberField("uid", Integer.toUnsignedLong(user.opener().uid()));
        Ndjson.text(json, "user", user.opener().user());
        json.writeNullField("loginUid");
        textOrNull(json, "cgroup", user.cgroup());
        for (String unknown : List.of("unit", "container", "netns")) {
            json.writeNullField(unknown);
        }
        json.writeArrayFieldStart("parents");
        json.writeEndArray();
        json.writeNullField("script");
        json.writeEndObject();
    }

    /** One owner as an object. */
    static void write(JsonGenerator json, Owner owner) throws IOException {
        json.writeStartObject();
        number(json, owner.id());
        json.writeNumberField("startTime", owner.id().startTicks());
        Ndjson.text(json, "command", owner.command());
        textOrNull(json, "exe", owner.exe());
        json.writeBooleanField("exeDeleted", owner.exeDeleted());
        textOrNull(json, "cwd", owner.cwd());
        textOrNull(json, "commandLine", commandLine(owner.commandLine(), SafeText.MAX_CHARS));
        json.writeNumberField("uid", Integer.toUnsignedLong(owner.uid()));
        Ndjson.text(json, "user", owner.user());
        Ndjson.number(
                json,
                "loginUid",
                owner.loginUid().isPresent(),
                Integer.toUnsignedLong(owner.loginUid().orElse(0)));
        textOrNull(json, "cgroup", owner.cgroup());
        textOrNull(json, "unit", owner.unit());
        textOrNull(json, "container", owner.container());
        Ndjson.number(json, "netns", owner.netns() != 0, owner.netns());
        json.writeArrayFieldStart("parents");
        for (Owner.Ancestor ancestor : owner.parents()) {
            json.writeStartObject();
            number(json, ancestor.id());
            json.writeNumberField("startTime", ancestor.id().startTicks());
            Ndjson.text(json, "command", ancestor.command());
            json.writeEndObject();
        }
        json.writeEndArray();
        textOrNull(json, "script", owner.script());
        json.writeEndObject();
    }

    /* Nobody could do anything with a number of another namespace. */
    private static void number(JsonGenerator json, ProcessId id) throws IOException {
        Ndjson.number(json, "pid", id.isHere(), id.pid());
    }

    private static void textOrNull(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            Ndjson.text(json, name, text);
        }
    }

    /**
     * Arguments on one line, cleaned, quoted where they would otherwise not be told apart.
     *
     * @param most characters at most, before the closing quote
     */
    static String commandLine(List<String> arguments, int most) {
        StringBuilder line = new StringBuilder();
        for (String argument : arguments) {
            if (line.length() >= most) {
                break;
            }
            String room = argument.length() <= most ? argument : argument.substring(0, most);
            String safe = SafeText.clean(room);
            if (!line.isEmpty()) {
                line.append(' ');
            }
            boolean plain = !safe.isEmpty() && safe.indexOf(' ') < 0 && safe.indexOf('\'') < 0;
            line.append(plain ? safe : "'" + safe.replace("'", "'\\''") + "'");
        }
        return line.length() <= most ? line.toString() : SafeText.clean(line.substring(0, most));
    }
}
