package org.outguard.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.nft.TableMaker;
import org.outguard.owner.Owner;

/**
 * This run among all of this machine: its process by number and start, in its pid namespace. Of another pid namespace
 * nothing is known, so what a run there has made stays.
 */
public final class Run implements TableMaker {

    private static final Pattern NAMESPACE = Pattern.compile("pid:\\[(\\d+)]");
    private static final Pattern WORD = Pattern.compile("(\\d{1,18})_(\\d{1,9})_(\\d{1,18})");

    private final String namespace;
    private final IntFunction<Optional<Owner>> processes;

    /**
     * The run that asks.
     *
     * @param proc /proc
     * @param processes what is known of a process by its number; empty where there is none
     */
    public Run(Path proc, IntFunction<Optional<Owner>> processes) {
        this.namespace = namespace(proc);
        this.processes = processes;
    }

    private static String namespace(Path proc) {
        try {
            Matcher link = NAMESPACE.matcher(
                    Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString());
            return link.matches() ? link.group(1) : "0";
        } catch (IOException e) {
            return "0";
        }
    }

    private OptionalLong startOf(int pid) {
        return processes
                .apply(pid)
                .map(owner -> OptionalLong.of(owner.id().startTicks()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public String word() {
        int pid = (int) ProcessHandle.current().pid();
        return namespace + "_" + pid + "_" + startOf(pid).orElse(0);
    }

    @Override
    public boolean hasEnded(String word) {
        Matcher parts = WORD.matcher(word);
        if (!parts.matches() || !parts.group(1).equals(namespace)) {
            return false;
        }
        OptionalLong start = startOf(Integer.parseInt(parts.group(2)));
        return start.isEmpty() || start.getAsLong() != Long.parseLong(parts.group(3));
    }
}
