package org.outguard.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.mail.MailRunner;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Who counts as a mail system's user: by name, by what the mail system says, and in a container by that one alone. */
class MailUsersTest {

    private static final String CONTAINER = "c0ffee";

    private final MailUsers users = new MailUsers(Set.of("postfix"));

    private static Owner owner(int uid, String user, String container) {
        return new Owner(
                new ProcessId(7, 70),
                new Owner.Program(
                        "smtp", "/usr/lib/postfix/sbin/smtp", false, Optional.empty(), "/", List.of("smtp"), ""),
                new Owner.Credentials(uid, user, OptionalInt.empty()),
                new Owner.Placement("", "", container, 1),
                List.of());
    }

    @Test
    void whoseNameThePolicyHasIsOne() {
        assertThat(users.deliver(owner(105, "postfix", ""))).isTrue();
        assertThat(users.deliver(owner(47, "mailer", ""))).isFalse();
        assertThat(users.learned()).isEmpty();
    }

    @Test
    void theUserThatEximRunsAsIsOneOnceItHasBeenAsked() {
        users.runBy(Set.of(new MailRunner("", 47, "mailer"), new MailRunner("", 105, "postfix")));
        assertThat(users.deliver(owner(47, "mailer", ""))).isTrue();
        assertThat(users.deliver(new Attribution.OfUser(new Account(47, "mailer"), "", "cookie")))
                .isTrue();
        assertThat(users.isName("mailer")).isTrue();
        assertThat(users.learned()).isEqualTo(Map.of(47, "mailer"));
    }

    @Test
    void aNumberInAContainerIsThatContainersUser() {
        users.runBy(Set.of(new MailRunner(CONTAINER, 101, "messagebus")));
        assertThat(users.deliver(owner(101, "messagebus", CONTAINER))).isTrue();
        assertThat(users.deliver(owner(101, "messagebus", ""))).isFalse();
        assertThat(users.deliver(owner(101, "messagebus", "another"))).isFalse();
        assertThat(users.isName("messagebus")).isFalse();
        assertThat(users.learned()).isEmpty();
    }

    @Test
    void nobodyIsNone() {
        assertThat(users.deliver(new Attribution.Unknown("no socket"))).isFalse();
    }
}
