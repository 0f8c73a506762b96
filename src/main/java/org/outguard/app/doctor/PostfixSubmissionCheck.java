package org.outguard.app.doctor;

import java.util.List;
import org.outguard.headless.Finding;

/** Whether every local user may hand mail to Postfix. */
final class PostfixSubmissionCheck implements Check {

    private static final String SETTING = "authorized_submit_users";

    @Override
    public List<Finding> look(CheckContext place) {
        if (!place.has("etc/postfix/main.cf")) {
            return List.of();
        }
        String value = "";
        boolean continued = false;
        for (String line : place.text("etc/postfix/main.cf").orElse("").split("\n")) {
            // A line that begins with a blank goes on with the one before (postconf(5)).
            if (continued && line.matches("\\s+\\S.*")) {
                value += " " + line.strip();
            } else if (!line.startsWith("#")) {
                continued = line.matches(SETTING + "\\s*=.*");
                value = continued ? line.substring(line.indexOf('=') + 1).strip() : value;
            }
        }
        boolean everybody = value.isEmpty() || value.equals("static:anyone") || value.equals("static:all");
        return everybody && place.uid("www-data").isPresent()
                ? List.of(new Finding(
                        "postfix-anyone-submits",
                        Finding.Cost.LETS_IT_HAPPEN,
                        "Postfix takes mail from every local user (" + SETTING + " = "
                                + (value.isEmpty() ? "static:anyone, the default" : value) + ")",
                        "an uploaded script fills the queue by sendmail(1) in www-data's name",
                        "postconf -e '" + SETTING + " = !www-data, static:all'"
                                + " # scripts that must send then use SMTP with a password"))
                : List.of();
    }
}
