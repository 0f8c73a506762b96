package org.outguard.trace.left;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.text.Severity;
import org.outguard.trace.php.PhpScore;
import org.outguard.trace.php.PhpScorer;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.TreeWalk;

/** What lies in the folders that web servers serve: web shells, code where uploads go, settings that turn files into code. */
public final class WebTrees implements LeftCheck {

    private static final int MAX_FOUND = 1_000;
    private static final long MOST_BYTES = 4L << 30;
    private static final int SETTINGS_BYTES = 64 << 10;
    private static final int IMAGE_BYTES = 16 << 10;
    private static final long MOST_IMAGE_BYTES = 64 << 20;

    private static final Pattern PHP = Pattern.compile("(?is).*\\.(?:php[\\ds]?|phtml?|pht|phar|inc)");
    private static final Pattern DISGUISED =
            Pattern.compile("(?is).*\\.(?:ico|jpe?g|png|gif|bmp|webp|svg|txt|log|css|js|bak|old|suspected)");
    private static final Pattern DOUBLE = Pattern.compile(
            "(?is).*\\.(?:php\\d?|phtml|phar)\\.(?:jpe?g|png|gif|ico|txt|pdf|zip|bak\\w*)|.*\\.(?:jpe?g|png|gif|ico|pdf|docx?)\\.(?:php\\d?|phtml|pht|phar)");
    /* Where content management systems put what is uploaded, below the document root. */
    private static final Pattern UPLOADS = Pattern.compile(
            "(?is).*/(?:wp-content/uploads|uploads?|userfiles|sites/[^/]+/files|pub/media|img/(?:upload|p|c|cms)|images/(?:stories|banners)|attachments|avatars)/.*");
    private static final Pattern HANDLER = Pattern.compile(
            "(?im)^\\s*(?:AddHandler|AddType|SetHandler)\\s+(?:\"?[^\\s\"]*(?:php|cgi-script)[^\\s\"]*\"?)(.*)$");
    private static final Pattern PREPEND = Pattern.compile(
            "(?im)^\\s*(?:php_(?:admin_)?value\\s+)?(auto_(?:prepend|append)_file)[\\s=]+\"?([^\"\\s;]+)");
    private static final Pattern USUAL_PHP_NAMES =
            Pattern.compile("(?i)(?:\\s+\\.?(?:php\\d*|phtml|phps|html?|inc))*\\s*");
    /* Wordfence's own firewall is loaded so. */
    private static final Pattern KNOWN_PREPEND = Pattern.compile("(?:.*/)?(?:wordfence-waf\\.php|none)?");
    private static final Set<String> NOT_ENTERED = Set.of("node_modules", ".git", ".svn");

    private static final CheckInfo SHELL = new CheckInfo(
            "web-shell",
            Severity.HIGH,
            "PHP in served folders, by what it does: runs what a request says, or what was made unreadable",
            "whoever knows its address runs what he wants as the web server's user");
    private static final CheckInfo UPLOAD = new CheckInfo(
            "php-in-uploads",
            Severity.HIGH,
            "PHP in folders that uploads go to",
            "nothing but data belongs there: code came in through a form");
    private static final CheckInfo NAME = new CheckInfo(
            "disguised-php",
            Severity.HIGH,
            "PHP under a name of another kind, and names with two extensions",
            "such a file passes a check for images, and is run all the same");
    private static final CheckInfo SETTINGS = new CheckInfo(
            "web-settings",
            Severity.HIGH,
            ".htaccess and .user.ini that add handlers or load a file before every script",
            "they make images into code, or run a file with every request, whatever is deleted beside it");
    private static final CheckInfo PROGRAM = new CheckInfo(
            "program-in-web-root",
            Severity.HIGH,
            "ELF programs in served folders",
            "a web server serves no programs: somebody put it there to run it");

    @Override
    public List<CheckInfo> about() {
        return List.of(SHELL, UPLOAD, NAME, SETTINGS, PROGRAM);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        TreeWalk walk = scene.walk();
        Looker looker = new Looker(scene, found);
        for (String root : outermost(scene.webRoots())) {
            walk.walk(root, path -> NOT_ENTERED.contains(path.substring(path.lastIndexOf('/') + 1)), looker::entry);
        }
        Optional<String> cut = walk.cut().or(looker::cut);
        cut.ifPresent(why -> found.accept(Walks.cut("the served folders", why, walk.entries())));
    }

    /* Each tree once, however many sites are served out of it. */
    private static List<String> outermost(List<String> roots) {
        List<String> sorted = new ArrayList<>(new LinkedHashSet<>(roots));
        sorted.sort(null);
        List<String> kept = new ArrayList<>();
        for (String root : sorted) {
            if (root.length() > 1 && kept.stream().noneMatch(other -> root.startsWith(other + "/"))) {
                kept.add(root);
            }
        }
        return kept;
    }

    /** What is found at one file. */
    private static final class Looker {
        private final Scene scene;
        private final Consumer<Leftover> found;
        private long bytes;
        private int count;

        Looker(Scene scene, Consumer<Leftover> found) {
            this.scene = scene;
            this.found = found;
        }

        Optional<String> cut() {
            return count >= MAX_FOUND
                    ? Optional.of("there are more than " + MAX_FOUND + " findings")
                    : bytes >= MOST_BYTES ? Optional.of("more than 4 GiB were read") : Optional.empty();
        }

        void entry(FileEntry entry) {
            if (!entry.isFile() || entry.size() == 0 || cut().isPresent()) {
                return;
            }
            String name = entry.name();
            if (name.equals(".htaccess") || name.equals(".user.ini") || name.equals("php.ini")) {
                settings(entry);
            } else if (PHP.matcher(name).matches()) {
                php(entry, DOUBLE.matcher(name).matches());
            } else if (DISGUISED.matcher(name).matches()) {
                disguised(entry);
            } else if (entry.executable() || name.indexOf('.') <= 0) {
                program(entry);
            }
        }

        private byte[] read(FileEntry entry, int most) {
            byte[] head = scene.texts().head(entry.path(), most).orElse(new byte[0]);
            bytes += head.length;
            return head;
        }

        private void php(FileEntry entry, boolean twoExtensions) {
            PhpScore score = PhpScorer.score(read(entry, PhpScorer.MOST_BYTES));
            boolean uploads = UPLOADS.matcher(entry.path()).matches();
            if (score.malicious()) {
                tell(uploads ? UPLOAD : SHELL, Severity.HIGH, entry, "looks like a web shell", score.reasons());
            } else if (uploads && score.hasCode()) {
                tell(
                        UPLOAD,
                        score.suspicious() ? Severity.HIGH : Severity.MEDIUM,
                        entry,
                        "is PHP in a folder that uploads go to",
                        score.reasons());
            } else if (score.suspicious()) {
                tell(SHELL, Severity.MEDIUM, entry, "does some of what web shells do", score.reasons());
            } else if (twoExtensions && score.hasCode()) {
                tell(NAME, Severity.MEDIUM, entry, "is PHP and has two extensions", score.reasons());
            }
        }

        private void disguised(FileEntry entry) {
            if (entry.size() > MOST_IMAGE_BYTES) {
                return;
            }
            byte[] head = read(entry, IMAGE_BYTES);
            String text = new String(head, StandardCharsets.ISO_8859_1);
            boolean two = DOUBLE.matcher(entry.name()).matches();
            if (!text.toLowerCase(Locale.ROOT).contains("<?php") && !(two && text.contains("<?"))) {
                return;
            }
            byte[] all = head.length == IMAGE_BYTES ? read(entry, PhpScorer.MOST_BYTES) : head;
            PhpScore score = PhpScorer.score(all);
            boolean text1 = entry.name().matches("(?is).*\\.(?:txt|log|js|css|bak|old|svg)") && !two;
            if (score.malicious() || score.hasCode() && !text1) {
                tell(
                        NAME,
                        score.malicious() ? Severity.HIGH : Severity.MEDIUM,
                        entry,
                        "holds PHP under the name of another kind of file",
                        score.reasons());
            }
        }

        private void settings(FileEntry entry) {
            String text = new String(read(entry, SETTINGS_BYTES), StandardCharsets.UTF_8);
            Matcher handler = HANDLER.matcher(text);
            while (handler.find()) {
                String names = handler.group(1);
                boolean uploads = UPLOADS.matcher(entry.path()).matches();
                boolean set = handler.group().strip().toLowerCase(Locale.ROOT).startsWith("sethandler");
                boolean other = !set && !USUAL_PHP_NAMES.matcher(names).matches();
                if (other || uploads) {
                    tell(
                            SETTINGS,
                            Severity.HIGH,
                            entry,
                            "makes files of another kind run as code",
                            List.of(handler.group().strip()));
                }
            }
            Matcher prepend = PREPEND.matcher(text);
            while (prepend.find()) {
                if (!KNOWN_PREPEND.matcher(prepend.group(2)).matches()) {
                    tell(
                            SETTINGS,
                            Severity.HIGH,
                            entry,
                            "loads " + prepend.group(2) + " with every script",
                            List.of(prepend.group().strip()));
                }
            }
        }

        private void program(FileEntry entry) {
            byte[] head = read(entry, 4);
            if (!new String(head, StandardCharsets.ISO_8859_1).equals("\u007fELF")) {
                return;
            }
            boolean web = scene.users().web(entry.uid());
            boolean sure = web
                    && entry.executable()
                    && (entry.hidden()
                            || UPLOADS.matcher(entry.path()).matches()
                            || !entry.path().contains("/vendor/"));
            tell(PROGRAM, sure ? Severity.HIGH : Severity.MEDIUM, entry, "is a program in a served folder", List.of());
        }

        private void tell(CheckInfo check, Severity severity, FileEntry entry, String what, List<String> reasons) {
            List<String> evidence = new ArrayList<>(reasons);
            evidence.add("owner " + scene.users().name(entry.uid()) + ", mode " + entry.permissions() + ", "
                    + entry.size() + " bytes, changed " + entry.written());
            if (entry.changed().minusSeconds(86_400).isAfter(entry.modified()) && severity == Severity.HIGH) {
                evidence.add(
                        "says that it was written " + entry.modified() + ", which was set afterwards or came with it");
            }
            count++;
            found.accept(new Leftover(
                    check.id(),
                    severity,
                    entry.path(),
                    entry.path() + " " + what,
                    evidence,
                    Mend.quarantine(entry.path())));
        }
    }
}
