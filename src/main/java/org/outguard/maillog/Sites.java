package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.maillog.line.OtherSystems;

/**
 * Hosts, instances and tags of a log. A tag is {@code syslog_name/program} (postconf(5)), and services of master.cf put
 * a name of their own between: {@code postfix/submission/smtpd}. Which part names the instance is learned from programs
 * that every instance has once.
 */
public final class Sites {

    /** Ends the name that {@code journalctl -o with-unit} puts in a tag's place. */
    private static final String UNIT = ".service";

    private static final int MAX_SITES = 256;
    private static final int MAX_TAGS = 2_048;
    private static final int SLOTS = 4_096;

    private final byte[] @Nullable [] keys = new byte[SLOTS][];
    private final @Nullable Tag[] tags = new Tag[SLOTS];
    private int used;
    private @Nullable Tag dovecot;
    private Learned learned = (site, prefix) -> {};

    private final List<Site> sites = new ArrayList<>();
    private final Set<String> instances = new HashSet<>();

    /** All mail systems seen. */
    List<Site> all() {
        return sites;
    }

    /** The tag in {@code host from..to} and {@code tag from..to} of a line. Makes nothing where it is known. */
    public Tag tag(byte[] line, int hostFrom, int hostTo, int tagFrom, int tagTo) {
        int hash = hash(line, hostFrom, hostTo, 7);
        hash = hash(line, tagFrom, tagTo, hash * 31 + 1);
        int hostLength = hostTo - hostFrom;
        int length = hostLength + 1 + tagTo - tagFrom;
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        for (; ; slot = slot + 1 & SLOTS - 1) {
            byte[] key = keys[slot];
            Tag tag = tags[slot];
            if (key == null || tag == null) {
                break;
            }
            if (key.length == length
                    && key[hostLength] == 0
                    && Arrays.equals(key, 0, hostLength, line, hostFrom, hostTo)
                    && Arrays.equals(key, hostLength + 1, length, line, tagFrom, tagTo)) {
                return tag;
            }
        }
        String host = new String(line, hostFrom, hostLength, StandardCharsets.UTF_8);
        return learn(host, new String(line, tagFrom, tagTo - tagFrom, StandardCharsets.UTF_8));
    }

    private Tag learn(String host, String name) {
        int slash = name.lastIndexOf('/');
        String program = name.substring(slash + 1);
        if (slash > 0 && PostfixProgram.namesInstance(program)) {
            String prefix = name.substring(0, slash);
            if (instances.size() < MAX_SITES && instances.add(host + '\0' + prefix)) {
                // Tags that were read before may belong to this instance, and so may what they said.
                forgetTags();
                Site site = site(host, prefix);
                if (site != null) {
                    learned.instance(site, prefix);
                }
            }
        }
        Tag tag = make(host, name, slash, program);
        if (used >= MAX_TAGS) {
            forgetTags();
        }
        put(host, name, tag);
        return tag;
    }

    /** Of lines in a log file of Dovecot's own, which names no host. */
    public Tag dovecot() {
        if (dovecot == null) {
            dovecot = make("", "dovecot", -1, "dovecot");
        }
        return dovecot;
    }

    private Tag make(String host, String name, int slash, String program) {
        if (slash < 0 && name.endsWith(UNIT)) {
            // Exim and Dovecot write under one name each, which is their unit's as well.
            String unit = name.substring(0, name.length() - UNIT.length());
            return unit.equals("postfix") || unit.startsWith("postfix@")
                    ? new Tag(Tag.Kind.UNIT, PostfixProgram.OTHER, name, "", null)
                    : make(host, unit, -1, unit);
        }
        if (name.equals("dovecot")) {
            return new Tag(Tag.Kind.DOVECOT, PostfixProgram.OTHER, name, "", site(host, "dovecot"));
        }
        if (name.equals("exim") || name.equals("exim4")) {
            return new Tag(Tag.Kind.EXIM, PostfixProgram.OTHER, name, "", site(host, "exim"));
        }
        if (slash <= 0) {
            return OtherSystems.ofTag(name)
                    .map(system -> new Tag(Tag.Kind.UNSUPPORTED, PostfixProgram.OTHER, system, "", null))
                    .orElse(Tag.IGNORED);
        }
        PostfixProgram which = PostfixProgram.of(program);
        if (which == PostfixProgram.OTHER) {
            return Tag.IGNORED;
        }
        String prefix = name.substring(0, slash);
        String instance = instance(host, prefix);
        String service = serviceOf(prefix, instance);
        Site site = site(host, instance);
        return site == null ? Tag.IGNORED : new Tag(Tag.Kind.POSTFIX, which, program, service, site);
    }

    private static String serviceOf(String prefix, String instance) {
        return prefix.startsWith(instance + "/")
                ? prefix.substring(instance.length() + 1)
                : prefix.equals(instance) ? "" : prefix;
    }

    /** Told of an instance that was taken for a service of another one before. */
    interface Learned {
        /**
         * It is known by now.
         *
         * @param site the instance
         * @param prefix part of the tag that names it, which messages of the other one may have as their service
         */
        void instance(Site site, String prefix);
    }

    /** Sets who is told. */
    void onLearned(Learned newListener) {
        learned = newListener;
    }

    /** The longest known instance that the prefix begins with; the only one of this host; or its first part. */
    private String instance(String host, String prefix) {
        for (String part = prefix; !part.isEmpty(); part = part.substring(0, Math.max(0, part.lastIndexOf('/')))) {
            if (instances.contains(host + '\0' + part)) {
                return part;
            }
        }
        String only = "";
        int count = 0;
        for (String known : instances) {
            if (known.startsWith(host + '\0')) {
                only = known.substring(host.length() + 1);
                count++;
            }
        }
        int slash = prefix.indexOf('/');
        return count == 1 ? only : slash < 0 ? prefix : prefix.substring(0, slash);
    }

    /** The mail system of that name, made where it is new; null where there are too many. */
    @Nullable
    Site site(String host, String instance) {
        for (Site site : sites) {
            if (site.instance.equals(instance) && site.host.equals(host)) {
                return site;
            }
        }
        if (sites.size() >= MAX_SITES) {
            return null;
        }
        Site made = new Site(host, instance, sites.size());
        sites.add(made);
        return made;
    }

    private void put(String host, String name, Tag tag) {
        byte[] hostBytes = host.getBytes(StandardCharsets.UTF_8);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[hostBytes.length + 1 + nameBytes.length];
        System.arraycopy(hostBytes, 0, key, 0, hostBytes.length);
        System.arraycopy(nameBytes, 0, key, hostBytes.length + 1, nameBytes.length);
        int hash = hash(hostBytes, 0, hostBytes.length, 7);
        hash = hash(nameBytes, 0, nameBytes.length, hash * 31 + 1);
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        while (keys[slot] != null) {
            slot = slot + 1 & SLOTS - 1;
        }
        keys[slot] = key;
        tags[slot] = tag;
        used++;
    }

    private void forgetTags() {
        Arrays.fill(keys, null);
        Arrays.fill(tags, null);
        used = 0;
    }

    private static int hash(byte[] bytes, int from, int to, int seed) {
        int hash = seed;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }
}
