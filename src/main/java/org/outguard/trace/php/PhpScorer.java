package org.outguard.trace.php;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.outguard.trace.php.PhpLexer.Kind;
import org.outguard.trace.php.PhpLexer.Token;

/**
 * Weighs PHP code: what runs code or programs, on data of the request or on data that was made unreadable. Each kind counts
 * once, so a long file is not worse than a short one.
 */
public final class PhpScorer {

    /** Bytes of a file that are worth reading. */
    public static final int MOST_BYTES = 1 << 20;

    private static final Set<String> RUNS_CODE = Set.of("eval", "assert", "create_function");
    private static final Set<String> RUNS_PROGRAMS =
            Set.of("system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec");
    private static final Set<String> INCLUDES = Set.of("include", "include_once", "require", "require_once");
    private static final Set<String> REQUEST =
            Set.of("$_GET", "$_POST", "$_REQUEST", "$_COOKIE", "$_FILES", "$HTTP_RAW_POST_DATA");
    private static final Set<String> DECODERS = Set.of(
            "base64_decode",
            "gzinflate",
            "gzuncompress",
            "gzdecode",
            "str_rot13",
            "strrev",
            "hex2bin",
            "convert_uudecode",
            "rawurldecode",
            "pack");
    private static final Set<String> HUSHES = Set.of("ignore_user_abort", "set_time_limit", "error_reporting");
    private static final Set<String> CALLERS =
            Set.of("call_user_func", "call_user_func_array", "array_map", "usort", "register_shutdown_function");
    private static final Pattern EVAL_MODIFIER = Pattern.compile("(?s)^([/#~!@%|]).*\\1[a-zA-Z]*e[a-zA-Z]*$");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]+");
    private static final Pattern KNOWN = Pattern.compile(
            "(?i)FilesMan|WSO \\d|c99shell|r57shell|b374k|\\balfa\\s*team|\\bp0wny|weevely|indoxploit|phpspy");

    private static final int SURE = 60;
    private static final int STRONG = 40;
    private static final int HALF = 30;
    private static final int SOME = 20;
    private static final int LITTLE = 8;

    private static final int MOST_ARGUMENT_TOKENS = 400;
    private static final int LONG_STRING = 1_000;
    private static final double HIGH_ENTROPY = 5.6;
    private static final int MANY_ESCAPES = 40;
    private static final int MANY_CHR = 20;
    private static final int MANY_GOTO = 15;

    private final List<Token> tokens;
    private final Map<String, Integer> points = new LinkedHashMap<>();
    private final Set<String> tainted = new HashSet<>();
    private final Set<String> decoded = new HashSet<>();
    private int calls;
    private int chr;
    private int jumps;
    private boolean loops;

    private PhpScorer(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Weighs the beginning of a file. */
    public static PhpScore score(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        PhpScorer scorer = new PhpScorer(PhpLexer.tokens(text));
        scorer.run();
        return scorer.result();
    }

    private PhpScore result() {
        List<Map.Entry<String, Integer>> heaviest = new ArrayList<>(points.entrySet());
        heaviest.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()));
        return new PhpScore(
                points.values().stream().mapToInt(Integer::intValue).sum(),
                heaviest.stream()
                        .map(reason -> reason.getKey() + " (+" + reason.getValue() + ")")
                        .limit(8)
                        .toList(),
                calls > 0);
    }

    private void found(int weight, String reason, Token where) {
        boolean known = points.keySet().stream().anyMatch(other -> other.startsWith(reason + ", line "));
        if (!known) {
            points.put(reason + ", line " + where.line(), weight);
        }
    }

    private void run() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind()) {
                case NAME -> name(i, token);
                case VARIABLE -> variable(i, token);
                case STRING -> string(token);
                case BACKTICKS -> {
                    calls++;
                    boolean request = REQUEST.stream().anyMatch(token.text()::contains)
                            || tainted.stream().anyMatch(token.text()::contains);
                    found(
                            request ? SURE : LITTLE,
                            request ? "runs a program that the request names" : "runs a program",
                            token);
                }
                case SIGN -> {
                    // "${" makes the name of a variable out of a string.
                    boolean made = token.is("$")
                            && next(i).is("{")
                            && at(i + 2).kind() == Kind.STRING
                            && at(i + 2).text().contains("\\x");
                    if (made) {
                        found(HALF, "a variable whose name is written in escapes", token);
                    }
                }
                case NUMBER -> {}
            }
        }
        if (chr >= MANY_CHR) {
            found(SOME, "text put together of single characters", at(0));
        }
        if (jumps >= MANY_GOTO) {
            found(HALF, "order of the code hidden by goto", at(0));
        }
    }

    private void name(int i, Token token) {
        String name = token.text();
        boolean ofObject = i > 0
                && (at(i - 1).is(">")
                        || at(i - 1).is(":")
                        || at(i - 1).named("function")
                        || at(i - 1).named("new"));
        boolean call = next(i).is("(") && !ofObject;
        loops |= name.equals("while") || name.equals("for");
        jumps += name.equals("goto") ? 1 : 0;
        if (INCLUDES.contains(name) && !ofObject) {
            calls++;
            Argument argument = argument(i + 1, false);
            if (argument.request()) {
                found(SURE, name + " of a file that the request names", token);
            } else if (argument.strings().contains("php://input")
                    || argument.strings().contains("data://")) {
                found(SURE, name + " of the request's body", token);
            } else if (argument.strings().matches("(?is).*\\.(ico|jpe?g|png|gif|txt|log|css)\\W*")) {
                found(HALF, name + " of a file that should hold no code", token);
            }
        }
        if (!call) {
            return;
        }
        calls++;
        chr += name.equals("chr") ? 1 : 0;
        Argument argument = argument(i + 1, true);
        if (RUNS_CODE.contains(name)) {
            runsCode(token, argument);
        } else if (RUNS_PROGRAMS.contains(name)) {
            found(
                    argument.request() ? SURE : LITTLE,
                    argument.request() ? name + "() of what the request says" : name + "()",
                    token);
        } else if (name.equals("preg_replace")
                && EVAL_MODIFIER.matcher(argument.first()).matches()) {
            found(argument.request() ? SURE : STRONG, "preg_replace with /e runs its result", token);
        } else if (CALLERS.contains(name) && argument.requestFirst()) {
            found(SURE, name + "() of a function that the request names", token);
        } else if (DECODERS.contains(name) && argument.decoders() > 0) {
            found(SOME, "data that was made unreadable several times over", token);
        } else if (name.equals("move_uploaded_file") || name.equals("file_put_contents") || name.equals("fwrite")) {
            writes(token, argument);
        } else if (name.equals("fsockopen") || name.equals("stream_socket_client") || name.equals("pfsockopen")) {
            sends(token, argument);
        } else if (name.equals("socket_create") && argument.names().contains("sock_dgram")) {
            found(loops ? STRONG : SOME, "sends UDP packets", token);
        } else if (name.equals("mail") && argument.request()) {
            found(HALF, "mail() to what the request says", token);
        } else if (HUSHES.contains(name) && "0".equals(argument.firstNumber()) || name.equals("ignore_user_abort")) {
            found(4, "goes on without end, or without errors (" + name + ")", token);
        }
    }

    private void runsCode(Token token, Argument argument) {
        String name = token.text();
        if (argument.request()) {
            found(SURE, name + "() of what the request says", token);
        } else if (argument.decoders() > 0) {
            found(SURE, name + "() of unreadable data", token);
        } else if (argument.strings().contains("?>") || name.equals("eval")) {
            found(SOME, name + "()", token);
        } else if (name.equals("create_function")) {
            found(LITTLE, name + "()", token);
        }
    }

    private void writes(Token token, Argument argument) {
        if (argument.request() && token.text().equals("file_put_contents")) {
            found(STRONG, "writes a file that the request brings", token);
        } else if (argument.request()) {
            found(tokens.size() < MOST_ARGUMENT_TOKENS ? HALF : 4, "takes files from anybody", token);
        }
    }

    private void sends(Token token, Argument argument) {
        boolean udp = argument.strings().toLowerCase(java.util.Locale.ROOT).contains("udp://");
        if (udp) {
            found(loops || argument.request() ? SURE : SOME, "sends UDP packets" + (loops ? " in a loop" : ""), token);
        } else if (argument.request()) {
            found(HALF, "connects to where the request says", token);
        }
    }

    private void variable(int i, Token token) {
        boolean request = REQUEST.contains(token.text()) || tainted.contains(token.text());
        // $_GET['f']($_POST['x']) and $f($_POST['x']): the function itself comes from the request.
        int end = i + 1;
        boolean assigned = next(i).is("=") && !at(i + 2).is("=") && !at(i + 2).is(">");
        while (at(end).is("[") && end - i < 64) {
            end = close(end, "[", "]") + 1;
        }
        if (at(end).is("(")) {
            calls++;
            if (request) {
                found(SURE, "calls a function that the request names", token);
            } else if (argument(end, true).request() && decoded.contains(token.text())) {
                found(SURE, "calls a function with a hidden name on what the request says", token);
            } else if (decoded.contains(token.text())) {
                found(HALF, "calls a function with a hidden name", token);
            }
        }
        if (assigned) {
            Argument value = argument(i + 2, false);
            if (value.request()) {
                tainted.add(token.text());
            }
            if (value.decoders() > 0
                    || value.names().contains("chr")
                    || value.strings().contains("\\x")
                    || value.pieces() > 2) {
                decoded.add(token.text());
            }
        }
    }

    private void string(Token token) {
        String value = token.text();
        if (KNOWN.matcher(value).find()) {
            found(SURE, "names a known web shell", token);
        }
        long escapes = 0;
        for (int at = value.indexOf("\\x"); at >= 0 && escapes < MANY_ESCAPES; at = value.indexOf("\\x", at + 2)) {
            escapes++;
        }
        if (escapes >= MANY_ESCAPES) {
            found(SOME, "text written in escapes", token);
        }
        if (value.length() >= LONG_STRING) {
            boolean packed = BASE64.matcher(value).matches() && entropy(value) > HIGH_ENTROPY - 0.4;
            if (packed) {
                found(SOME, "a string of " + value.length() + " characters of base64", token);
            } else if (entropy(value) > HIGH_ENTROPY + 0.6) {
                found(SOME, "a string of " + value.length() + " characters of high entropy", token);
            }
        }
    }

    static double entropy(String text) {
        int[] counts = new int[256];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 0xff]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }

    /**
     * What stands between the brackets of a call, or to the end of a statement.
     *
     * @param request whether something in it comes from the request
     * @param requestFirst whether that is the first argument
     * @param decoders functions in it that make data readable
     * @param names names in it
     * @param strings strings in it, one behind the other
     * @param first the first string
     * @param firstNumber the first number, empty where none
     * @param pieces strings in it that are put together by dots
     */
    private record Argument(
            boolean request,
            boolean requestFirst,
            int decoders,
            Set<String> names,
            String strings,
            String first,
            String firstNumber,
            int pieces) {}

    private Argument argument(int from, boolean call) {
        int depth = 0;
        boolean request = false;
        boolean first = true;
        boolean requestFirst = false;
        int decoders = 0;
        int pieces = 0;
        Set<String> names = new HashSet<>();
        StringBuilder strings = new StringBuilder();
        String firstString = "";
        String firstNumber = "";
        for (int i = from; i < Math.min(tokens.size(), from + MOST_ARGUMENT_TOKENS); i++) {
            Token token = tokens.get(i);
            if (token.kind() == Kind.SIGN) {
                depth += token.is("(") || token.is("[") || token.is("{") ? 1 : 0;
                depth -= token.is(")") || token.is("]") || token.is("}") ? 1 : 0;
                if (call && depth == 0 || depth < 0 || !call && depth == 0 && token.is(";")) {
                    break;
                }
                first &= !(token.is(",") && depth == 1);
                pieces += token.is(".")
                                && at(i - 1).kind() == Kind.STRING
                                && at(i + 1).kind() == Kind.STRING
                        ? 1
                        : 0;
            } else if (token.kind() == Kind.VARIABLE) {
                boolean his = REQUEST.contains(token.text()) || tainted.contains(token.text());
                request |= his;
                requestFirst |= his && first;
                decoders += decoded.contains(token.text()) ? 1 : 0;
            } else if (token.kind() == Kind.NAME) {
                names.add(token.text());
                decoders += DECODERS.contains(token.text()) ? 1 : 0;
            } else if (token.kind() == Kind.STRING) {
                firstString = strings.isEmpty() ? token.text() : firstString;
                if (strings.length() < LONG_STRING) {
                    strings.append(
                            token.text(), 0, Math.min(LONG_STRING, token.text().length()));
                }
                request |= token.text().equals("php://input");
            } else if (token.kind() == Kind.NUMBER && firstNumber.isEmpty()) {
                firstNumber = token.text();
            }
        }
        return new Argument(
                request, requestFirst, decoders, names, strings.toString(), firstString, firstNumber, pieces);
    }

    private int close(int open, String left, String right) {
        int depth = 0;
        for (int i = open; i < Math.min(tokens.size(), open + MOST_ARGUMENT_TOKENS); i++) {
            depth += at(i).is(left) ? 1 : at(i).is(right) ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return Math.min(tokens.size(), open + MOST_ARGUMENT_TOKENS);
    }

    private Token next(int i) {
        return at(i + 1);
    }

    private Token at(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Kind.SIGN, "", 0);
    }
}
