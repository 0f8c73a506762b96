package org.outguard.trace.left;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.procfs.ForeignFiles;
import org.outguard.procfs.PasswdEntry;
import org.outguard.trace.tree.ForeignText;

/**
 * Users by passwd(5) of the tree that is looked at, which need not be this machine's.
 *
 * @param all in the order of the file
 */
public record Users(List<User> all) {

    private static final int MAX_BYTES = 8 << 20;
    private static final int FIRST_PERSON = 1_000;
    private static final int NOBODY = 65_534;
    private static final Set<String> WEB =
            Set.of("www-data", "apache", "nginx", "httpd", "http", "www", "wwwrun", "lighttpd", "caddy", "lsadm");

    public Users {
        all = List.copyOf(all);
    }

    /**
     * One line.
     *
     * @param shell empty where none is given, which is /bin/sh
     */
    public record User(String name, int uid, int gid, String home, String shell) {

        /** Whether a web server or its scripts run as this user. */
        public boolean web() {
            return WEB.contains(name) || home.startsWith("/var/www") || home.startsWith("/srv/www");
        }

        /** Whether it is nobody who logs in. */
        public boolean service() {
            return uid > 0 && uid < FIRST_PERSON || uid == NOBODY || web();
        }

        /** With whose rights its own files are read. */
        public Optional<ForeignFiles.Reader> reader() {
            return uid == 0 ? Optional.empty() : Optional.of(new ForeignFiles.Reader(uid, List.of(gid)));
        }
    }

    static Users read(ForeignText texts) {
        List<User> users = new ArrayList<>();
        for (PasswdEntry entry : PasswdEntry.all(texts.text("/etc/passwd", MAX_BYTES))) {
            if (entry.gid().isPresent() && entry.shell().isPresent()) {
                users.add(new User(
                        entry.name(),
                        entry.uid(),
                        entry.gid().get(),
                        entry.home(),
                        entry.shell().get()));
            }
        }
        return new Users(users);
    }

    /** The first user of that number. */
    public Optional<User> of(int uid) {
        return all.stream().filter(user -> user.uid() == uid).findFirst();
    }

    Optional<User> named(String name) {
        return all.stream().filter(user -> user.name().equals(name)).findFirst();
    }

    /** Its name, or its number as text. */
    public String name(int uid) {
        return of(uid).map(User::name).orElse(Integer.toUnsignedString(uid));
    }

    boolean service(int uid) {
        return of(uid).map(User::service).orElse(uid > 0 && uid < FIRST_PERSON);
    }

    boolean web(int uid) {
        return of(uid).filter(User::web).isPresent();
    }
}
