package org.outguard.headless.ndjson;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.SafeText;

/** The field {@code owner} of an offender. What /proc did not tell is null. */
public final class OwnerJson {

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
        write(json, null, user.opener().uid(), user.opener().user(), user.cgroup());
    }

    /** One owner as an object. */
    static void write(JsonGenerator json, Owner owner) throws IOException {
        write(json, owner, owner.uid(), owner.user(), owner.cgroup());
    }

    private static void write(JsonGenerator json, @Nullable Owner process, int uid, String user, String cgroup)
            throws IOException {
        json.writeStartObject();
        number(json, process == null ? null : process.id());
        long start = process == null ? 0 : process.id().startTicks();
        Ndjson.number(json, "startTime", process != null, start);
        if (process == null) {
            json.writeNullField("command");
        } else {
            Ndjson.text(json, "command", process.command());
        }
        textOrNull(json, "exe", process == null ? "" : process.exe());
        json.writeBooleanField("exeDeleted", process != null && process.exeDeleted());
        textOrNull(json, "cwd", process == null ? "" : process.cwd());
        textOrNull(json, "commandLine", process == null ? "" : commandLine(process.commandLine(), SafeText.MAX_CHARS));
        json.writeNumberField("uid", Integer.toUnsignedLong(uid));
        Ndjson.text(json, "user", user);
        OptionalInt login = process == null ? OptionalInt.empty() : process.loginUid();
        Ndjson.number(json, "loginUid", login.isPresent(), Integer.toUnsignedLong(login.orElse(0)));
        textOrNull(json, "cgroup", cgroup);
        textOrNull(json, "unit", process == null ? "" : process.unit());
        textOrNull(json, "container", process == null ? "" : process.container());
        long netns = process == null ? 0 : process.netns();
        Ndjson.number(json, "netns", netns != 0, netns);
        json.writeArrayFieldStart("parents");
        for (Owner.Ancestor ancestor : process == null ? List.<Owner.Ancestor>of() : process.parents()) {
            json.writeStartObject();
            number(json, ancestor.id());
            json.writeNumberField("startTime", ancestor.id().startTicks());
            Ndjson.text(json, "command", ancestor.command());
            json.writeEndObject();
        }
        json.writeEndArray();
        textOrNull(json, "script", process == null ? "" : process.script());
        json.writeEndObject();
    }

    /* Nobody could do anything with a number of another namespace. */
    private static void number(JsonGenerator json, @Nullable ProcessId id) throws IOException {
        Ndjson.number(json, "pid", id != null && id.isHere(), id == null ? 0 : id.pid());
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
    public static String commandLine(List<String> arguments, int most) {
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
