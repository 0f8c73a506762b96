package org.outguard.guard.policy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.mail.MailRunner;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Who may connect to port 25 of other hosts: the users that the policy names, and those as which mail systems run, once
 * these have been asked. The guard's thread uses it.
 */
public final class MailUsers {

    private final Set<String> names;
    private Set<MailRunner> runners = Set.of();

    public MailUsers(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Those as which mail systems run, instead of what was known before. */
    public void runBy(Set<MailRunner> newRunners) {
        runners = Set.copyOf(newRunners);
    }

    /** Those of this machine that are not named by the policy, by number. */
    public Map<Integer, String> learned() {
        return runners.stream()
                .filter(runner -> runner.container().isEmpty() && !names.contains(runner.user()))
                .collect(Collectors.toUnmodifiableMap(MailRunner::uid, MailRunner::user, (one, other) -> one));
    }

    /** Whether a user of this machine is one of them. */
    public boolean deliver(Account account) {
        return names.contains(account.user()) || runs("", account.uid());
    }

    /** Whether a process runs as one of them; in a container a number means another user. */
    public boolean deliver(Owner owner) {
        return names.contains(owner.user()) || runs(owner.container(), owner.uid());
    }

    /** Whether who is named there is one of them; not where nobody is. */
    public boolean deliver(Attribution attribution) {
        return attribution
                .knownOwner()
                .map(this::deliver)
                .or(() -> attribution.account().map(this::deliver))
                .orElse(false);
    }

    /** Whether a user of this machine has the name of one of them. */
    public boolean isName(String user) {
        return names.contains(user)
                || runners.stream()
                        .anyMatch(runner ->
                                runner.container().isEmpty() && runner.user().equals(user));
    }

    private boolean runs(String container, int uid) {
        return runners.stream()
                .anyMatch(runner -> runner.uid() == uid && runner.container().equals(container));
    }
}
