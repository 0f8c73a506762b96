package org.outguard.mta;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.mta.ProgramCalls.Said;

/**
 * Keeps a user from handing mail in by SMTP on this machine itself, where the mail system sees only "localhost": a set of
 * uids whose connections over the loopback interface to the submission ports are reset by the kernel, open ones too. A
 * table of its own that nothing else is in, so it is taken out whole with its last uid.
 */
public final class LoopbackBan {

    private static final String TABLE = "inet outguard_mail";
    private static final String PLACE = "nft";
    private static final String NAME = TABLE + " banned ";

    private final ProgramCalls calls;

    /** @param calls runs nft(8) */
    public LoopbackBan(ProgramCalls calls) {
        this.calls = calls;
    }

    private static String adding(int uid) {
        return "table " + TABLE + " { set banned { type uid; }; chain output { type filter hook output priority 0; "
                + "policy accept; }; }\n"
                + "flush chain " + TABLE + " output\n"
                + "add rule " + TABLE + " output oifname \"lo\" tcp dport { 25, 465, 587 } meta skuid @banned counter "
                + "reject with tcp reset\n"
                + "add element " + TABLE + " banned { " + Integer.toUnsignedString(uid) + " }\n";
    }

    private static List<String> removing(int uid) {
        return List.of(
                "nft",
                "delete",
                "element",
                "inet",
                "outguard_mail",
                "banned",
                "{ " + Integer.toUnsignedString(uid) + " }");
    }

    /** The command that bans, as a person would type it. */
    public String banning(int uid) {
        return "nft -f - <<< "
                + CommandRunner.describe(List.of(adding(uid).strip().replace('\n', ';')));
    }

    /** The command that lifts the ban. */
    public String lifting(int uid) {
        return CommandRunner.describe(removing(uid));
    }

    /** Whether the user is banned now, as a setting. */
    public Setting before(int uid) {
        Optional<String> value = isBanned(uid) ? Optional.of("banned") : Optional.empty();
        return new Setting(PLACE, NAME + Integer.toUnsignedString(uid), value);
    }

    /** Bans; why it could not, or empty. */
    public Optional<String> ban(int uid) {
        Said said = calls.onNetwork(List.of("nft", "-f", "-"), adding(uid));
        if (!said.ok()) {
            return Optional.of("SMTP on the loopback interface is still open to it: " + said.complaint());
        }
        return isBanned(uid) ? Optional.empty() : Optional.of("nft does not list the ban of SMTP on loopback");
    }

    /** Lifts the ban, unless it stood before; why it could not, or empty. */
    public Optional<String> lift(int uid, List<Setting> before) {
        boolean stoodBefore = before.stream()
                .anyMatch(s -> s.place().equals(PLACE)
                        && s.name().equals(NAME + Integer.toUnsignedString(uid))
                        && s.value().isPresent());
        if (stoodBefore || !isBanned(uid)) {
            return Optional.empty();
        }
        // The last one goes with the table in one command, so that a crash leaves no empty table.
        boolean last = Pattern.compile("\\d+").matcher(elements()).results().count() == 1;
        Said said = last
                ? calls.onNetwork(List.of("nft", "delete", "table", "inet", "outguard_mail"), "")
                : calls.onNetwork(removing(uid), "");
        if (!said.ok()) {
            return Optional.of("nft: " + said.complaint());
        }
        return Optional.empty();
    }

    private String listing() {
        // By number: names are those of whoever runs nft.
        Said said = calls.onNetwork(List.of("nft", "-n", "list", "set", "inet", "outguard_mail", "banned"), "");
        return said.ok() ? said.out() : "";
    }

    /** Whether the user is banned now. */
    public boolean isBanned(int uid) {
        return Pattern.compile("\\b" + Integer.toUnsignedString(uid) + "\\b")
                .matcher(elements())
                .find();
    }

    /* Empty where there are none: the rest of the listing has numbers too. */
    private String elements() {
        String all = listing();
        int from = all.indexOf("elements = ");
        return from < 0 ? "" : all.substring(from);
    }
}
