package org.outguard.app.mail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.app.demo.LabMail;
import org.outguard.mta.LoopbackBan;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystemContext;
import org.outguard.mta.exim.EximSystem;
import org.outguard.mta.opensmtpd.OpenSmtpdSystem;
import org.outguard.mta.panel.PanelMailSystem;
import org.outguard.mta.panel.Panels;
import org.outguard.mta.postfix.PostfixSystem;

/** Whose mail is watched and acted on: one place for the whole program, commands in the console of a screen among it. */
public sealed interface MailEnvironment {

    /** The mail systems outside of containers; empty where they are only being started. */
    Optional<List<MailSystem>> systems(MailSystemContext surroundings);

    /** The containers in which a mail system runs now. */
    default List<ContainerHost> containers(MailSystemContext surroundings) {
        return List.of();
    }

    /** The mail systems in one of them. */
    static List<MailSystem> in(ContainerHost container, MailSystemContext surroundings) {
        MailSystemContext there = new MailSystemContext(
                surroundings.runner(),
                new ContainerUsers(container),
                surroundings.helpers(),
                surroundings.clock(),
                surroundings.ticker(),
                container);
        List<MailSystem> all = new ArrayList<>(PostfixSystem.all(there));
        all.addAll(EximSystem.all(there));
        all.addAll(OpenSmtpdSystem.all(there));
        return all;
    }

    /** Why there is no mail system where there should be one; empty where there may be. */
    Optional<String> problem();

    /** What there is to say as long as no mail is watched, a sentence each; empty where nothing is known. */
    default Optional<List<String>> unwatched() {
        return Optional.empty();
    }

    /** The mail logs; empty where they have to be looked for. */
    Optional<List<Path>> logs();

    /** This machine's and its containers'. */
    record OfThisMachine() implements MailEnvironment {

        @Override
        public Optional<List<MailSystem>> systems(MailSystemContext surroundings) {
            List<MailSystem> all = new ArrayList<>(PostfixSystem.all(surroundings));
            all.addAll(EximSystem.all(surroundings));
            all.addAll(OpenSmtpdSystem.all(surroundings));
            LoopbackBan loopback = new LoopbackBan(surroundings.calls());
            Panels.found(surroundings.calls(), surroundings.users())
                    .ifPresent(panel -> all.replaceAll(
                            system -> new PanelMailSystem(panel, system, loopback, surroundings.users())));
            return Optional.of(all);
        }

        @Override
        public List<ContainerHost> containers(MailSystemContext surroundings) {
            return MailContainers.found(surroundings.runner());
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public Optional<List<Path>> logs() {
            return Optional.empty();
        }
    }

    /**
     * That of a demonstration, and none of this machine's.
     *
     * @param mail empty where there is none
     */
    record OfTheDemo(Optional<LabMail> mail) implements MailEnvironment {

        @Override
        public Optional<List<MailSystem>> systems(MailSystemContext surroundings) {
            return mail.isPresent()
                    ? mail.filter(LabMail::isReady).map(ready -> systems(ready, surroundings))
                    : Optional.of(List.of());
        }

        private static List<MailSystem> systems(LabMail mail, MailSystemContext surroundings) {
            return switch (mail.software()) {
                case POSTFIX -> PostfixSystem.in(mail.configuration().resolveSibling(""), surroundings);
                case EXIM -> EximSystem.by(mail.configuration(), surroundings);
            };
        }

        @Override
        public Optional<String> problem() {
            return (mail.isEmpty() ? Optional.of(LabMail.NOT_INSTALLED) : mail.flatMap(LabMail::problem))
                    .map(reason -> "the demo is without mail: " + reason);
        }

        @Override
        public Optional<List<String>> unwatched() {
            if (mail.isEmpty()) {
                return Optional.of(List.of("no mail in this demo: " + LabMail.NOT_INSTALLED, LabMail.HOW_TO_INSTALL));
            }
            return problem().map(List::of).or(() -> Optional.of(List.of("the demo's mail system is being started")));
        }

        @Override
        public Optional<List<Path>> logs() {
            return Optional.of(mail.map(LabMail::log).stream().toList());
        }
    }
}
