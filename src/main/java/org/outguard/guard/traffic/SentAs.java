package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * The users that one process sent as of late. Mostly that is one; root's programs may take another one for each packet
 * (seteuid(2)), and whoever was last is no better a name than the others.
 */
final class SentAs {

    /** Most users that are told apart. */
    static final int MOST = 64;

    /** A program that gives up root's rights at its start has one user after this. */
    static final long RECENT_NANOS = 60 * Nanos.PER_SECOND;

    private record Seen(Account account, long atNanos) {}

    /** By uid, in the order in which they sent last; not there while all was sent as one user. */
    private @Nullable Map<Integer, Seen> several;

    private @Nullable Seen last;

    /** Takes in as whom something was sent; the attribution with all users of late, the latest first. */
    Attribution.Exact add(Attribution.Exact attribution, long nanos) {
        Owner owner = attribution.owner();
        Seen before = last;
        Account account = before != null && before.account.uid() == owner.uid()
                ? before.account
                : new Account(owner.uid(), owner.user());
        Seen now = new Seen(account, nanos);
        last = now;
        if (several == null) {
            if (before == null || before.account.equals(account)) {
                return attribution;
            }
            several = new LinkedHashMap<>();
            several.put(before.account.uid(), before);
        }
        several.remove(owner.uid());
        several.put(owner.uid(), now);
        forget(several, nanos);
        if (several.size() == 1) {
            several = null;
            return attribution;
        }
        List<Account> users = new ArrayList<>();
        several.values().forEach(seen -> users.add(seen.account));
        Collections.reverse(users);
        return attribution.sentAs(users);
    }

    private static void forget(Map<Integer, Seen> all, long nanos) {
        for (Iterator<Seen> oldest = all.values().iterator(); oldest.hasNext(); ) {
            boolean recent = nanos - oldest.next().atNanos < RECENT_NANOS;
            if (recent && all.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }
}
