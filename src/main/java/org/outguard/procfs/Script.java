package org.outguard.procfs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script that an interpreter runs, by its arguments alone. The arguments are the word of the process itself: it may
 * have written others over them.
 */
final class Script {

    private static final Pattern VERSION = Pattern.compile("[-.0-9]+$");
    private static final Pattern POOL = Pattern.compile("php-fpm: pool (\\S+)");

    private static final Set<String> INTERPRETERS = Set.of(
            "php", "php-cgi", "python", "pypy", "perl", "ruby", "node", "nodejs", "sh", "bash", "dash", "ash", "zsh",
            "ksh", "lua", "tclsh");

    /* Short options that take the next argument as their value, and such that bring the program with them. */
    private static final Map<String, String> WITH_VALUE = Map.of(
            "php", "cdzt", "php-cgi", "cdz", "python", "WX", "perl", "", "ruby", "rIC", "node", "r", "nodejs", "r",
            "sh", "o", "bash", "oO");
    private static final Map<String, String> INLINE = Map.of(
            "php", "r", "python", "c", "perl", "eE", "ruby", "e", "node", "ep", "nodejs", "ep", "sh", "c", "bash", "c",
            "dash", "c", "lua", "e");

    private Script() {}

    /**
     * Names the script.
     *
     * @param exe path of the program, empty where it is not known
     * @param arguments with the program's own name first
     * @param cwd working directory, by which a relative path is completed; empty where it is not known
     * @return an absolute path where it can be told, {@code pool NAME} of a php-fpm worker, else empty
     */
    static String of(String exe, List<String> arguments, String cwd) {
        if (arguments.isEmpty()) {
            return "";
        }
        Matcher pool = POOL.matcher(arguments.get(0));
        if (pool.find()) {
            return "pool " + pool.group(1);
        }
        String interpreter = interpreter(exe);
        if (interpreter.isEmpty()) {
            interpreter = interpreter(arguments.get(0));
        }
        return interpreter.isEmpty() ? "" : absolute(firstOperand(interpreter, arguments), cwd);
    }

    /** Whether a program runs what others wrote, so that its name says nothing of what it does. */
    static boolean isInterpreter(String exe) {
        return !interpreter(exe).isEmpty();
    }

    private static String interpreter(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith("-")) {
            name = name.substring(1);
        }
        String plain = VERSION.matcher(name).replaceFirst("");
        return INTERPRETERS.contains(plain) ? plain : "";
    }

    private static String firstOperand(String interpreter, List<String> arguments) {
        String withValue = WITH_VALUE.getOrDefault(interpreter, "");
        String inline = INLINE.getOrDefault(interpreter, "");
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                return i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            }
            if (interpreter.startsWith("php") && (argument.equals("-f") || argument.equals("--file"))) {
                continue;
            }
            if (interpreter.startsWith("python") && argument.equals("-m")) {
                return i + 1 < arguments.size() ? "-m " + arguments.get(i + 1) : "";
            }
            if (argument.length() < 2 || argument.charAt(0) != '-') {
                return argument.equals("-") ? "" : argument;
            }
            if (argument.charAt(1) == '-') {
                continue;
            }
            char last = argument.charAt(argument.length() - 1);
            if (inline.indexOf(last) >= 0) {
                return "";
            }
            if (argument.length() == 2 && withValue.indexOf(last) >= 0) {
                i++;
            }
        }
        return "";
    }

    private static String absolute(String path, String cwd) {
        if (path.isEmpty() || path.startsWith("/") || path.startsWith("-m ") || cwd.isEmpty()) {
            return path;
        }
        String below = path.startsWith("./") ? path.substring(2) : path;
        return cwd.endsWith("/") ? cwd + below : cwd + "/" + below;
    }
}
