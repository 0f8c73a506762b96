package org.outguard.app.host;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.config.ResolverFile;
import org.outguard.flow.IpAddress;
import org.outguard.kernel.NetworkNamespace;

/**
 * The network namespace that the calling thread is in, and the name by which it was asked for (ip-netns(8)).
 *
 * @param name null for that of the machine
 */
public record NamedNamespace(@Nullable String name) {

    /** That of the machine. */
    public static final NamedNamespace MACHINE = new NamedNamespace(null);

    private static final Path NAMES = Path.of("/run/netns");
    private static final Path FILES = Path.of("/etc/netns");
    private static final Path RESOLVER_FILE = Path.of("/etc/resolv.conf");

    /* systemd-resolved answers on loopback and asks these (systemd-resolved.service(8)). */
    private static final Path STUB_FILE = Path.of("/run/systemd/resolve/resolv.conf");

    /** The name servers that programs there are told to ask, those on loopback too. */
    public Set<IpAddress> resolvers() {
        Set<IpAddress> all = new HashSet<>();
        for (Path file : List.of(RESOLVER_FILE, STUB_FILE)) {
            all.addAll(ResolverFile.read(file));
        }
        if (name != null) {
            // What "ip netns exec" puts in the place of the machine's; other ways to start there use the machine's.
            all.addAll(ResolverFile.read(FILES.resolve(name).resolve("resolv.conf")));
        }
        return Set.copyOf(all);
    }

    /** What has become of it, in words; empty while it bears its name. */
    public Optional<String> problem() {
        if (name == null) {
            return Optional.empty();
        }
        OptionalLong own = NetworkNamespace.inode(NetworkNamespace.OF_THIS_THREAD);
        OptionalLong named = NetworkNamespace.inode(NAMES.resolve(name));
        if (own.isEmpty() || own.equals(named)) {
            return Optional.empty();
        }
        String what = "network namespace " + name + " has been deleted";
        return Optional.of((named.isPresent() ? what + ", and another one bears its name" : what)
                + "; what was in it is still watched, and nothing else: start again to watch another one");
    }
}
