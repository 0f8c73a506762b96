package org.outguard.app.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that every watching command takes. */
public final class CommonOptions {

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "NAME",
            description = "interface to watch, repeatable; 'any' for all; the default route's if not given")
    public List<String> interfaces = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    public Path config;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceConverter.class,
            description = "watch and act in this network namespace (ip-netns(8))")
    @Nullable
    public String netns;

    @Option(
            names = "--eye",
            paramLabel = "kernel|wire|auto",
            converter = EyeWord.class,
            description = "what counts packets: eBPF in the kernel, libpcap on the wire, or the kernel where it can")
    public Eye eye = Eye.AUTO;

    @Option(
            names = "--btf",
            paramLabel = "FILE",
            description = "types of the running kernel for eBPF (BTF), where /sys/kernel/btf/vmlinux is not there")
    @Nullable
    public Path btf;

    @Option(
            names = "--mail-log",
            paramLabel = "FILE",
            description = "mail log to follow, repeatable; without it those of this machine are looked for")
    public List<Path> mailLogs = new ArrayList<>();

    @Option(names = "--no-history", description = "do not keep what leaves in /var/lib/outguard/history.db")
    public boolean noHistory;

    @Option(
            names = "--log",
            paramLabel = LogTarget.LABEL,
            converter = LogTarget.Word.class,
            description = LogTarget.DESCRIPTION)
    @Nullable
    public LogTarget log;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            converter = ColorWord.class,
            description = "colours; auto follows the terminal and NO_COLOR")
    public Color color = Color.AUTO;

    @Option(
            names = {"-v", "--verbose"},
            description = "say more on standard error")
    boolean verbose;

    /** What counts packets. */
    public enum Eye {
        KERNEL,
        WIRE,
        AUTO
    }

    /** Whether to colour. */
    public enum Color {
        AUTO,
        ALWAYS,
        NEVER;

        /** Whether to colour what goes to standard output, see no-color.org. */
        public boolean wanted(boolean terminal) {
            String noColor = System.getenv("NO_COLOR");
            return this == ALWAYS || this == AUTO && terminal && (noColor == null || noColor.isEmpty());
        }
    }

    /** Reads the word after {@code --eye}. */
    static final class EyeWord implements ITypeConverter<Eye> {
        @Override
        public Eye convert(String word) {
            return switch (word) {
                case "auto" -> Eye.AUTO;
                case "wire" -> Eye.WIRE;
                case "kernel" -> Eye.KERNEL;
                default -> throw new TypeConversionException("'" + word + "' is none of kernel, wire, auto");
            };
        }
    }

    /** Reads the word after {@code --color}. */
    static final class ColorWord implements ITypeConverter<Color> {
        @Override
        public Color convert(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "auto" -> Color.AUTO;
                case "always" -> Color.ALWAYS;
                case "never" -> Color.NEVER;
                default -> throw new TypeConversionException("'" + word + "' is none of auto, always, never");
            };
        }
    }
}
