package org.outguard.app.doctor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.headless.Finding;

/** Whether the web server's user can write where the web server serves from. */
final class WebFolders implements Check {

    private static final List<String> ROOTS = List.of("var/www", "srv/www", "srv/http", "usr/share/nginx/html");
    private static final int MAX_DEPTH = 4;
    private static final int MAX_FOLDERS = 20_000;
    private static final int OWNER_WRITES = 0200;
    private static final int GROUP_WRITES = 0020;
    private static final int ALL_WRITE = 0002;

    @Override
    public List<Finding> look(CheckContext place) {
        Optional<Integer> uid = place.uid("www-data")
                .or(() -> place.uid("nginx"))
                .or(() -> place.uid("apache"))
                .map(Integer::parseUnsignedInt);
        List<Finding> findings = new ArrayList<>();
        for (String root : ROOTS) {
            List<Path> writable = writable(place.at(root), uid.orElse(-1));
            if (!writable.isEmpty()) {
                findings.add(finding("/" + root, "/" + place.root().relativize(writable.get(0)), writable.size()));
            }
        }
        return findings;
    }

    private static Finding finding(String root, String first, int count) {
        return new Finding(
                "web-folder-writable",
                Finding.Cost.LETS_IT_HAPPEN,
                "the web server's user may write in " + count + (count == 1 ? " folder" : " folders") + " below " + root
                        + ", such as " + first,
                "whoever finds a hole in one script puts scripts of his own there and calls them by their address",
                "chown -R root:www-data " + quoted(first) + " && chmod -R g-w,o-w " + quoted(first)
                        + " # where uploads must go there, forbid scripts in it instead");
    }

    private static String quoted(String path) {
        return path.matches("[\\w/.@+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    private static List<Path> writable(Path root, int uid) {
        List<Path> found = new ArrayList<>();
        int[] looked = {0};
        try {
            Files.walkFileTree(
                    root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), MAX_DEPTH, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                            if (mayWrite(folder, uid)) {
                                found.add(folder);
                            }
                            return ++looked[0] < MAX_FOLDERS ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            // What was looked at until then counts.
        }
        return found;
    }

    private static boolean mayWrite(Path folder, int uid) {
        try {
            Map<String, Object> all = Files.readAttributes(folder, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            int mode = all.get("mode") instanceof Integer bits ? bits : 0;
            boolean owner = all.get("uid") instanceof Integer id && id == uid && (mode & OWNER_WRITES) != 0;
            boolean group = all.get("gid") instanceof Integer id && id == uid && (mode & GROUP_WRITES) != 0;
            return owner || group || (mode & ALL_WRITE) != 0;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
