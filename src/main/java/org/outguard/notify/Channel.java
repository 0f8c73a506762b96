package org.outguard.notify;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** By what somebody is told. */
public sealed interface Channel {

    /** The word in the policy. */
    String word();

    /**
     * An HTTP request.
     *
     * @param url where; may be empty where the secret has it
     * @param form what the body looks like
     * @param template the body for {@link Form#TEMPLATE}
     * @param to the chat of Telegram, the topic of ntfy; empty elsewhere
     * @param headers headers of its own
     * @param secret token, routing key or whole URL, as the form has it
     */
    record Webhook(String url, Form form, String template, String to, Map<String, String> headers, Secret secret)
            implements Channel {
        public Webhook {
            headers = Map.copyOf(headers);
        }

        @Override
        public String word() {
            return "webhook";
        }
    }

    /** Bodies that services take. */
    enum Form {
        /** The whole notification as an object; the secret is a bearer token. */
        JSON,
        /** {@code {"text": …}}; the secret is the URL. Mattermost and Rocket.Chat take the same. */
        SLACK,
        MATTERMOST,
        /** An adaptive card of a workflow; the secret is the URL. */
        TEAMS,
        /** Text, with title and priority in headers; the secret is a bearer token. */
        NTFY,
        /** {@code sendMessage} of a bot; the secret is its token. */
        TELEGRAM,
        /** Events API v2, with resolve at the end; the secret is the routing key. */
        PAGERDUTY,
        /** A text of the policy with {@code {summary}}, {@code {details}}, {@code {event}}, {@code {host}} and {@code {json}}. */
        TEMPLATE
    }

    /**
     * Mail by a server of one's own: never by this machine's queue, which may be what it is about.
     *
     * @param server name or address
     * @param port 465, 587, 25 …
     * @param tls how the connection is encrypted
     * @param user login; empty for none
     * @param secret its password
     * @param from sender
     * @param to recipients, at least one
     */
    record Mail(String server, int port, Tls tls, String user, Secret secret, String from, List<String> to)
            implements Channel {
        public Mail {
            to = List.copyOf(to);
        }

        @Override
        public String word() {
            return "mail";
        }
    }

    /** How a connection is encrypted. */
    enum Tls {
        /** From the start (port 465). */
        TLS,
        /** By STARTTLS, without which nothing is sent. */
        STARTTLS,
        NONE
    }

    /**
     * The system's log.
     *
     * @param target {@code journald}, a socket's path as {@code /dev/log}, or {@code HOST:PORT} for RFC 5424 over UDP
     */
    record Syslog(String target) implements Channel {

        /** {@code HOST:PORT}. */
        static final Pattern HOST = Pattern.compile("\\[?([^\\]/]+?)]?:(\\d{1,5})");

        /** Whether that can be written to. */
        public static boolean isTarget(String target) {
            return target.equals("journald")
                    || target.startsWith("/")
                    || HOST.matcher(target).matches();
        }

        @Override
        public String word() {
            return "syslog";
        }
    }

    /**
     * A program that reads the notification as an object from standard input.
     *
     * @param argv the program by its absolute path, and arguments
     */
    record Exec(List<String> argv) implements Channel {
        public Exec {
            argv = List.copyOf(argv);
        }

        @Override
        public String word() {
            return "exec";
        }
    }
}
