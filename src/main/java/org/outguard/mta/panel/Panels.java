package org.outguard.mta.panel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.UserNames;

/** Finds the panel of a machine, by files that each brings and nobody else has. */
public final class Panels {

    private Panels() {}

    /**
     * The panel; empty where there is none that is known.
     *
     * @param calls runs its programs
     * @param users names of the owners of folders
     */
    public static Optional<Panel> found(ProgramCalls calls, UserNames users) {
        PanelFiles files = new PanelFiles(calls.host());
        if (has(files, "/usr/local/cpanel/version")) {
            return Optional.of(new CPanel(files, calls));
        } else if (has(files, "/usr/local/directadmin/directadmin", "/usr/local/directadmin/conf/directadmin.conf")) {
            return Optional.of(new DirectAdmin(files));
        } else if (has(files, "/usr/local/hestia/conf/hestia.conf")) {
            return Optional.of(new Hestia("HestiaCP", "/usr/local/hestia", files, calls));
        } else if (has(files, "/usr/local/vesta/conf/vesta.conf")) {
            return Optional.of(new Hestia("VestaCP", "/usr/local/vesta", files, calls));
        } else if (has(files, "/usr/local/psa/version")) {
            return Optional.of(new WithoutSwitch("Plesk", owners(files, "/var/www/vhosts", users)));
        } else if (has(
                files,
                "/usr/local/ispconfig/interface/lib/config.inc.php",
                "/usr/local/ispconfig/server/lib/config.inc.php")) {
            return Optional.of(new WithoutSwitch("ISPConfig", ispConfig(files)));
        } else if (has(files, "/etc/webmin/virtual-server/config")) {
            return Optional.of(new WithoutSwitch("Virtualmin", virtualmin(files)));
        } else if (has(files, "/etc/iredmail-release")) {
            return Optional.of(new WithoutSwitch("iRedMail", Map.of()));
        }
        return Optional.empty();
    }

    private static boolean has(PanelFiles files, String... any) {
        return List.of(any).stream().anyMatch(file -> files.host().exists(Path.of(file)));
    }

    /**
     * A panel whose mail system is acted on by its own means, since its switches are in a database or stop more than mail.
     *
     * @param name for people
     * @param accounts of domains
     */
    private record WithoutSwitch(String name, Map<String, String> accounts) implements Panel {
        @Override
        public Optional<OutgoingSwitch> outgoing(String user) {
            return Optional.empty();
        }
    }

    /* A folder a domain, which belongs to the system user of the subscription. */
    private static Map<String, String> owners(PanelFiles files, String folder, UserNames users) {
        Map<String, String> accounts = new TreeMap<>();
        for (Path site : files.entries(folder)) {
            String domain = PanelFiles.name(site);
            try {
                int uid = (Integer) Files.getAttribute(site, "unix:uid", LinkOption.NOFOLLOW_LINKS);
                if (uid != 0 && domain.indexOf('.') > 0) {
                    PanelFiles.add(accounts, domain, users.nameOf(uid));
                }
            } catch (IOException e) {
                // Removed since it was listed: the others count.
                accounts.remove(domain);
            }
        }
        return accounts;
    }

    /* /var/www/DOMAIN is a link to /var/www/clients/clientN/webM. */
    private static Map<String, String> ispConfig(PanelFiles files) {
        Map<String, String> accounts = new TreeMap<>();
        for (Path site : files.entries("/var/www")) {
            try {
                if (Files.isSymbolicLink(site)) {
                    Path target = Files.readSymbolicLink(site);
                    int count = target.getNameCount();
                    if (count >= 2 && target.toString().contains("/clients/")) {
                        PanelFiles.add(
                                accounts,
                                PanelFiles.name(site),
                                target.getName(count - 2) + "/" + target.getName(count - 1));
                    }
                }
            } catch (IOException e) {
                // Removed since it was listed: the others count.
                accounts.remove(PanelFiles.name(site));
            }
        }
        return accounts;
    }

    /* A file a domain, with lines name=value. */
    private static Map<String, String> virtualmin(PanelFiles files) {
        Map<String, String> accounts = new TreeMap<>();
        String folder = "/etc/webmin/virtual-server/domains/";
        for (Path file : files.entries(folder)) {
            String domain = "";
            String user = "";
            for (String line : files.lines(folder + PanelFiles.name(file))) {
                domain = line.startsWith("dom=") ? line.substring("dom=".length()) : domain;
                user = line.startsWith("user=") ? line.substring("user=".length()) : user;
            }
            if (!domain.isEmpty()) {
                PanelFiles.add(accounts, domain, user);
            }
        }
        return accounts;
    }
}
