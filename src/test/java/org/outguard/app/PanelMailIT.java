package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** Hosting panels rebuilt from their documents, around a real Exim: found, read, acted on by their own switches, undone. */
@WithMailSystem
class PanelMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FLORIST = 2060;
    private static final String ALICE = "alice@example.org";

    private MailLab lab;

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void cPanelSuspendsAnAccountByItsOwnApi() {
        lab = MailLab.start("exim-cpanel");
        String list = "/etc/outgoing_mail_suspended_users";
        String before = MailLab.read(lab.path(list));
        String exim = MailLab.read(lab.path("/etc/exim.conf"));
        queued(FLORIST, "florist");
        heldAndReleased("florist");

        String said = lab.act("ban", "florist", "--yes");
        assertThat(said).contains("whmapi1 suspend_outgoing_email user=florist");
        assertThat(MailLab.read(lab.path(list))).isEqualTo(before + "florist\n");
        assertThat(MailLab.read(lab.path("/etc/exim.conf"))).isEqualTo(exim);
        assertThat(refuses(FLORIST)).isTrue();
        said = lab.act("ban", ALICE, "--yes");
        assertThat(said).contains("uapi --user=notary Email suspend_outgoing email=" + ALICE);
        assertThat(MailLab.read(lab.path(list))).contains(ALICE);
        assertThat(loginTaken()).isFalse();

        lab.act("undo", "--all", "--yes");
        assertThat(MailLab.read(lab.path(list))).isEqualTo(before);
        assertThat(refuses(FLORIST)).isFalse();
        assertThat(loginTaken()).isTrue();
        accountOfAlice();
    }

    @Test
    void directAdminListsAnAccount() {
        lab = MailLab.start("exim-directadmin");
        String list = "/etc/virtual/blacklist_script_usernames";
        String before = MailLab.read(lab.path(list));
        queued(FLORIST, "florist");
        heldAndReleased("florist");

        String said = lab.act("ban", "florist", "--yes");
        assertThat(said).contains(list);
        assertThat(MailLab.read(lab.path(list))).isEqualTo(before + "\nflorist\n");
        assertThat(MailLab.read(lab.path("/etc/virtual/blacklist_smtp_usernames")))
                .isEqualTo("florist\n");
        assertThat(refuses(FLORIST)).isTrue();

        lab.act("undo", "--all", "--yes");
        assertThat(MailLab.read(lab.path(list))).isEqualTo(before);
        assertThat(MailLab.read(lab.path("/etc/virtual/blacklist_smtp_usernames")))
                .isEmpty();
        assertThat(refuses(FLORIST)).isFalse();
        lab.submit(MailLab.SITE, "login", 1, ALICE, "c@slow.example", ALICE).await(PATIENCE);
        accountOfAlice();
    }

    @Test
    void hestiaSuspendsAMailbox() {
        lab = MailLab.start("exim-hestia");
        String configuration = MailLab.read(lab.path("/etc/exim4/exim4.conf"));
        assertThat(loginTaken()).isTrue();
        String said = lab.act("ban", ALICE, "--yes");
        assertThat(said).contains("v-suspend-mail-account notary example.org alice");
        assertThat(loginTaken()).isFalse();
        lab.act("unban", ALICE, "--yes");
        assertThat(loginTaken()).isTrue();
        assertThat(MailLab.read(lab.path("/etc/exim4/exim4.conf"))).isEqualTo(configuration);
        accountOfAlice();
    }

    private void queued(int uid, String name) {
        lab.submit(uid, "sendmail", 1, name + "@florist.example", "c@slow.example")
                .await(PATIENCE);
        Patience.until("its mail is in the queue", PATIENCE, () -> origin(name) > 0);
        assertThat(lab.outguard("queue").stdout()).contains("uid " + name);
    }

    private int origin(String who) {
        return lab.outguard("queue", "--json").json().stream()
                .filter(one -> Json.isType(one, "origin"))
                .filter(one -> who.equals(Json.object(one, "origin").get("who")))
                .mapToInt(one -> ((Number) one.get("messages")).intValue())
                .sum();
    }

    private void heldAndReleased(String user) {
        lab.act("hold", "--uid", user, "--yes");
        assertThat(frozen()).isPositive();
        lab.act("undo", "--all", "--yes");
        assertThat(frozen()).isZero();
    }

    private long frozen() {
        return lab.run("/usr/sbin/exim4", "-bp")
                .lines()
                .filter(line -> line.contains("*** frozen ***"))
                .count();
    }

    /* A message that the ACL for local mail refuses comes back at once, and sendmail says so. */
    private boolean refuses(int uid) {
        long before = lab.deliveredFrom("florist@florist.example");
        MailLab.Submission one = lab.submit(uid, "sendmail", 1, "florist@florist.example", "a@ok.example");
        one.await(PATIENCE);
        if (one.refused() > 0) {
            return true;
        }
        Patience.until("it is delivered", PATIENCE, () -> lab.deliveredFrom("florist@florist.example") > before);
        return false;
    }

    private boolean loginTaken() {
        MailLab.Submission login = lab.submit(MailLab.SITE, "login", 1, ALICE, "c@slow.example", ALICE);
        login.await(PATIENCE);
        return !login.taken().isEmpty();
    }

    private void accountOfAlice() {
        Map<String, Object> alice = lab.outguard("queue", "--json", "--sasl", ALICE).json().stream()
                .filter(one -> Json.isType(one, "origin"))
                .findFirst()
                .orElseThrow();
        assertThat(alice).containsEntry("account", "notary");
        assertThat(lab.outguard("queue").stdout()).contains("sasl " + ALICE + ", account notary");
    }
}
