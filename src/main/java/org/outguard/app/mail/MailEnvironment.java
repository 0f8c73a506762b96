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

/** Whose mail the whole program watches and acts on, the commands in the console of a screen among it. */
public sealed interface MailEnvironment {

    /** The mail systems outside of containers; empty where they are only being started. */
    Optional<List<MailSystem>> systems(MailSystemContext context);

    /** The containers in which a mail system runs now. */
    default List<ContainerHost> containers(MailSystemContext context) {
        return List.of();
    }

    /** The mail systems in one of them. */
    static List<MailSystem> in(ContainerHost container, MailSystemContext context) {
        MailSystemContext there = new MailSystemContext(
                context.runner(),
                new ContainerUsers(container),
                context.helpers(),
                context.clock(),
                context.ticker(),
                container);
        return all(there);
    }

    private static List<MailSystem> all(MailSystemContext context) {
        List<MailSystem> all = new ArrayList<>(PostfixSystem.all(context));
        all.addAll(EximSystem.all(context));
        all.addAll(OpenSmtpdSystem.all(context));
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
        public Optional<List<MailSystem>> systems(MailSystemContext context) {
            List<MailSystem> all = all(context);
            LoopbackBan loopback = new LoopbackBan(context.calls());
            Panels.found(context.calls(), context.users())
                    .ifPresent(panel ->
                            all.replaceAll(system -> new PanelMailSystem(panel, system, loopback, context.users())));
            return Optional.of(all);
        }

        @Override
        public List<ContainerHost> containers(MailSystemContext context) {
            return MailContainers.found(context.runner());
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
        public Optional<List<MailSystem>> systems(MailSystemContext context) {
            return mail.isPresent()
                    ? mail.filter(LabMail::isReady).map(ready -> systems(ready, context))
                    : Optional.of(List.of());
        }

        private static List<MailSystem> systems(LabMail mail, MailSystemContext context) {
            return switch (mail.software()) {
                case POSTFIX -> PostfixSystem.in(mail.configuration().resolveSibling(""), context);
                case EXIM -> EximSystem.by(mail.configuration(), context);
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
