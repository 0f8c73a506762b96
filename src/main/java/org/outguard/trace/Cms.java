package org.outguard.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.trace.tree.ForeignText;

/**
 * The content management system that a file is part of.
 *
 * @param name {@code "WordPress"}
 * @param version empty where it cannot be read
 * @param root its folder
 * @param component plugin, theme or module that the file lies in: {@code "plugin contact-form"}; empty where in none
 * @param componentVersion empty where it cannot be read
 */
public record Cms(String name, String version, String root, String component, String componentVersion) {

    private static final int MAX_BYTES = 256 << 10;
    private static final int MAX_LEVELS = 12;

    /* Where a version stands: in which file, in which words. */
    private record Mark(String name, String file, Pattern version) {}

    private static final List<Mark> MARKS = List.of(
            mark("WordPress", "wp-includes/version.php", "\\$wp_version\\s*=\\s*'([^']{1,40})'"),
            mark("Joomla", "administrator/manifests/files/joomla.xml", "<version>([^<]{1,40})</version>"),
            mark("Drupal", "core/lib/Drupal.php", "const VERSION = '([^']{1,40})'"),
            mark("Drupal", "includes/bootstrap.inc", "define\\('VERSION', '([^']{1,40})'"),
            mark("PrestaShop", "config/settings.inc.php", "'_PS_VERSION_',\\s*'([^']{1,40})'"),
            mark("PrestaShop", "app/AppKernel.php", "const VERSION = '([^']{1,40})'"),
            mark("PrestaShop", "src/Core/Version.php", "const VERSION = '([^']{1,40})'"),
            mark("Magento", "app/Mage.php", "'major'\\s*=>\\s*'(\\d{1,4})'"),
            mark("Magento", "app/etc/di.xml", "(?!)"));

    private static final Pattern MAGENTO = Pattern.compile(
            "\"(?:magento/product-(?:community|enterprise)-edition|magento/magento2(?:ce|ee))\"[^}]{0,400}?\"(?:version\"\\s*:\\s*\")?v?(\\d[^\",\\s]{0,20})\"");

    private static final List<Pattern> COMPONENTS = List.of(
            Pattern.compile("wp-content/(?<kind>plugin|theme|mu-plugin)s/(?<name>[^/]+)(?:/.*)?"),
            Pattern.compile("(?:administrator/)?(?<kind>component|module|template)s/(?<name>[^/]+)/.*"),
            Pattern.compile("(?<kind>plugin)s/(?<name>[^/]+/[^/]+)/.*"),
            Pattern.compile("(?:sites/[^/]+/)?(?<kind>module|theme)s/(?:contrib/|custom/)?(?<name>[^/]+)/.*"),
            Pattern.compile("app/(?<kind>code)/(?:(?:local|community|core)/)?(?<name>[^/]+/[^/]+)/.*"));

    private static Mark mark(String name, String file, String version) {
        return new Mark(name, file, Pattern.compile(version));
    }

    /** The one that a file is part of; empty where it is of none that is known. */
    public static Optional<Cms> of(ForeignText texts, String file) {
        String folder = parent(file);
        for (int level = 0; level < MAX_LEVELS && folder.length() > 1; level++, folder = parent(folder)) {
            for (Mark mark : MARKS) {
                String text = texts.text(folder + "/" + mark.file(), MAX_BYTES);
                if (isOf(mark, text)) {
                    return Optional.of(found(texts, mark, text, folder, file));
                }
            }
        }
        return Optional.empty();
    }

    /* Other programs have files of these names too: the version must stand there, or at least the name. */
    private static boolean isOf(Mark mark, String text) {
        return !first(mark.version(), text).isEmpty()
                || text.toLowerCase(Locale.ROOT).contains(mark.name().toLowerCase(Locale.ROOT));
    }

    private static Cms found(ForeignText texts, Mark mark, String text, String root, String file) {
        String version = first(mark.version(), text);
        if (mark.name().equals("Magento") && version.isEmpty()) {
            version = first(MAGENTO, texts.text(root + "/composer.json", MAX_BYTES));
        }
        String below = file.substring(root.length() + 1);
        for (Pattern pattern : COMPONENTS) {
            Matcher component = pattern.matcher(below);
            if (component.matches()) {
                String name = component.group("name");
                return new Cms(
                        mark.name(),
                        version,
                        root,
                        component.group("kind") + " " + name,
                        version(texts, root, below, name));
            }
        }
        return new Cms(mark.name(), version, root, "", "");
    }

    /* A plugin of WordPress says it in the comment at its head, one of Joomla or PrestaShop in its XML, one of Drupal in its info. */
    private static String version(ForeignText texts, String root, String below, String name) {
        int end = below.indexOf(name) + name.length();
        String folder = root + "/" + below.substring(0, end);
        String last = name.substring(name.lastIndexOf('/') + 1);
        List<String> files = List.of(
                last + ".php",
                "style.css",
                "readme.txt",
                last.replaceFirst("^com_", "") + ".xml",
                "config.xml",
                last + ".info.yml",
                last + ".info");
        List<String> paths = new ArrayList<>();
        if (last.endsWith(".php")) {
            // A plugin of WordPress may be a single file.
            paths.add(folder);
        }
        files.forEach(file -> paths.add(folder + "/" + file));
        for (String path : paths) {
            String version = first(
                    Pattern.compile(
                            "(?im)^[\\s*#/]*(?:version|stable tag)\\s*[:=]\\s*['\"]?(\\d[\\w.-]{0,30})|<version>(?:<!\\[CDATA\\[)?([^<\\]]{1,30})"),
                    texts.text(path, MAX_BYTES));
            if (!version.isEmpty()) {
                return version;
            }
        }
        return "";
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            return "";
        }
        for (int group = 1; group <= found.groupCount(); group++) {
            if (found.group(group) != null) {
                return found.group(group).strip();
            }
        }
        return "";
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
