package org.outguard.owner;

import java.util.List;
import java.util.Optional;

/**
 * An owner and how it was matched. Acts that end a process take an {@link Exact}, so that a guess cannot be killed.
 */
public sealed interface Attribution {

    /** How it was matched, for people: {@code "connected UDP socket, sock_diag"}. Never empty. */
    String matchedBy();

    /** How sure it is. */
    MatchQuality quality();

    /** The owner, where one can be named. */
    Optional<Owner> knownOwner();

    /** The user, where one can be named; of a process, who it runs as. */
    default Optional<Account> account() {
        return knownOwner().map(owner -> new Account(owner.uid(), owner.user()));
    }

    /** The users that it sent as; several where one process takes one after the other. */
    default List<Account> users() {
        return account().stream().toList();
    }

    /**
     * One process and no other.
     *
     * @param owner that process
     * @param matchedBy by what it was found
     * @param users as whom it sent, the latest first, where that is more than one; then none of them is its user. Else empty
     */
    record Exact(Owner owner, String matchedBy, List<Account> users) implements Attribution {
        public Exact {
            users = List.copyOf(users);
        }

        /** One that sent as one user. */
        public Exact(Owner owner, String matchedBy) {
            this(owner, matchedBy, List.of());
        }

        /** The same process, that sent as several users. */
        public Exact sentAs(List<Account> several) {
            return new Exact(owner, matchedBy, several);
        }

        @Override
        public Optional<Account> account() {
            return users.isEmpty() ? Attribution.super.account() : Optional.empty();
        }

        @Override
        public MatchQuality quality() {
            return MatchQuality.EXACT;
        }

        @Override
        public Optional<Owner> knownOwner() {
            return Optional.of(owner);
        }
    }

    /**
     * The likeliest of several.
     *
     * @param owner the likeliest process
     * @param matchedBy by what it was found, and why that is not certain
     */
    record Probable(Owner owner, String matchedBy) implements Attribution {
        @Override
        public MatchQuality quality() {
            return MatchQuality.PROBABLE;
        }

        @Override
        public Optional<Owner> knownOwner() {
            return Optional.of(owner);
        }
    }

    /**
     * Whoever opened the socket, which may be another than who sends: no process is known.
     *
     * @param opener that user
     * @param cgroup control group that the socket was made in, empty where unknown
     * @param matchedBy by what it was found, and what is not known
     */
    record OfUser(Account opener, String cgroup, String matchedBy) implements Attribution {
        @Override
        public MatchQuality quality() {
            return MatchQuality.PROBABLE;
        }

        @Override
        public Optional<Owner> knownOwner() {
            return Optional.empty();
        }

        @Override
        public Optional<Account> account() {
            return Optional.of(opener);
        }
    }

    /**
     * One of several, and which one cannot be settled: none is named as the owner.
     *
     * @param candidates who it may have been, two or more, the likeliest first
     * @param matchedBy why it cannot be settled
     */
    record Contested(List<Owner> candidates, String matchedBy) implements Attribution {
        public Contested {
            candidates = List.copyOf(candidates);
        }

        @Override
        public MatchQuality quality() {
            return MatchQuality.NONE;
        }

        @Override
        public Optional<Owner> knownOwner() {
            return Optional.empty();
        }
    }

    /** Whether the kernel sends it by itself, in answer to what came in or for a tunnel: then no program does. */
    default boolean isOfKernel() {
        return this instanceof Unknown unknown && unknown.kernel();
    }

    /**
     * Nobody.
     *
     * @param matchedBy what was tried, and why it named nobody
     * @param kernel whether that is since the kernel sends it by itself
     */
    record Unknown(String matchedBy, boolean kernel) implements Attribution {

        /** Some program that is not known. */
        public Unknown(String matchedBy) {
            this(matchedBy, false);
        }

        @Override
        public MatchQuality quality() {
            return MatchQuality.NONE;
        }

        @Override
        public Optional<Owner> knownOwner() {
            return Optional.empty();
        }
    }
}
