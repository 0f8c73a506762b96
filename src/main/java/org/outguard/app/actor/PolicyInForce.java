package org.outguard.app.actor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.NamedNamespace;
import org.outguard.app.host.ProtectedResourcesReader;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.config.PolicyResult;
import org.outguard.guard.policy.Policy;
import org.outguard.mail.MailRunner;
import org.outguard.procfs.PasswdFile;

/**
 * What the actor holds requests against, by the policy's file as it is now. While that is wrong, no rule counts, and the default
 * policy says what must not be cut off.
 */
public final class PolicyInForce implements Supplier<ActorBasis> {

    private final Path file;
    private final Supplier<Optional<PolicyResult.Read>> reader;
    private final MailSystemsProvider mail;
    private final PasswdFile users = new PasswdFile(Path.of("/etc/passwd"));
    private @Nullable List<Object> seen;
    private @Nullable ActorBasis basis;

    /**
     * Reads nothing yet.
     *
     * @param file where it is, if it is
     * @param reader reads it; empty after a complaint where it is wrong
     */
    public PolicyInForce(Path file, Supplier<Optional<PolicyResult.Read>> reader, MailSystemsProvider mail) {
        this.file = file;
        this.reader = reader;
        this.mail = mail;
    }

    @Override
    public ActorBasis get() {
        List<Object> now = version();
        if (basis == null || !now.equals(seen)) {
            seen = now;
            basis = make();
        }
        return basis;
    }

    private List<Object> version() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(String.valueOf(now.fileKey()), now.size(), now.lastModifiedTime());
        } catch (IOException e) {
            return List.of();
        }
    }

    private ActorBasis make() {
        PolicyResult.Read read = reader.get()
                .orElseGet(() -> new PolicyResult.Read(Policy.defaults(NamedNamespace.MACHINE.resolvers())));
        Policy policy = read.policy();
        ProtectedResourcesReader around =
                new ProtectedResourcesReader(policy, mail::relayHosts, NamedNamespace.MACHINE);
        Set<String> mailUsers = new HashSet<>(policy.mailUsers());
        mailUsers.addAll(runners().values());
        return new ActorBasis(
                new RuleBounds(read.rules(), mailUsers, users::nameOf),
                destinations -> around.look(destinations).withMailUsers(runners()));
    }

    private Map<Integer, String> runners() {
        return mail.runners().stream()
                .filter(runner -> runner.container().isEmpty())
                .collect(Collectors.toUnmodifiableMap(MailRunner::uid, MailRunner::user, (one, other) -> one));
    }
}
