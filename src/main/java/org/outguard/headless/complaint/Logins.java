package org.outguard.headless.complaint;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What follows from it that logins were tried: over TCP, and at the port of the service that is named. */
final class Logins {

    private static final Pattern SERVICE = Pattern.compile("(?i)\\b(ssh|telnet|rdp|ftp|vnc|mysql|mssql)\\b");
    private static final Pattern OVER_TCP = Pattern.compile(
            "(?i)\\b(?:ssh|telnet|rdp|ftp|vnc|mysql|mssql|https?|web ?sites?|wordpress|wp-login|xmlrpc|smtp|imap|pop3|sasl|e?mail|sign-?in)\\b");
    private static final int SIP = 5060;
    private static final int SIPS = 5061;

    private Logins() {}

    static void complete(List<Draft> drafts, String text) {
        Set<String> services = new HashSet<>();
        Matcher named = SERVICE.matcher(text);
        while (named.find()) {
            services.add(named.group(1).toLowerCase(Locale.ROOT));
        }
        boolean tcp = OVER_TCP.matcher(text).find();
        int port = services.size() == 1
                ? Services.named(services.iterator().next())
                        .map(Services.Service::port)
                        .orElse(-1)
                : -1;
        for (Draft draft : drafts) {
            boolean web = draft.protocol.equals("tcp") && draft.grade == Draft.Grade.DETAIL;
            if (draft.destinationPort < 0 && !web) {
                draft.destinationPort = port;
            }
            boolean voice = draft.destinationPort == SIP || draft.destinationPort == SIPS;
            if (draft.protocol.isEmpty() && !voice && (tcp || draft.destinationPort >= 0)) {
                draft.protocol = "tcp";
            }
        }
    }
}
