package org.outguard.procfs.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes passwords and keys out of what is kept of a process: evidence is handed on, to a provider or the police, and the
 * victim's database password has no business there. Names and lengths stay.
 */
final class SecretRedactor {

    private static final Pattern NAME = Pattern.compile(
            "(?i)pass|pwd|secret|token|key|cred|auth|cookie|session|dsn|private|signature|salt|database_url");
    private static final Pattern FOLDER = Pattern.compile("(?i)(OLD)?PWD|SSH_AUTH_SOCK|AUTH_TYPE");
    private static final Pattern IN_URL = Pattern.compile("(://[^/:@\\s]*:)[^/@\\s]+@");
    private static final Pattern ALONE = Pattern.compile("(?i)--?[\\w-]*(pass(word|wd)?|secret|token|api-?key)");

    private SecretRedactor() {}

    /** Each {@code NAME=value} with its value masked where the name says that it is a secret. */
    static List<String> maskEnvironment(List<String> variables) {
        return variables.stream().map(SecretRedactor::maskAssignment).toList();
    }

    /** Arguments, {@code --password=x}, {@code --password x} and {@code user:x@host} masked. */
    static List<String> maskArguments(List<String> arguments) {
        List<String> masked = new ArrayList<>();
        boolean next = false;
        for (String argument : arguments) {
            masked.add(next ? mask(argument) : maskAssignment(argument));
            next = ALONE.matcher(argument).matches();
        }
        return masked;
    }

    private static String maskAssignment(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        if (equals >= 0 && NAME.matcher(name).find() && !FOLDER.matcher(name).matches()) {
            return name + "=" + mask(text.substring(equals + 1));
        }
        return IN_URL.matcher(text).replaceAll("$1(masked)@");
    }

    private static String mask(String value) {
        return value.isEmpty() ? "" : "(masked, " + value.length() + " characters)";
    }
}
