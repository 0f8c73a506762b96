package org.outguard.notify;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import org.outguard.guard.policy.Verdict;

/** Sends messages by HTTP, in the form that a service takes. */
final class WebhookDelivery implements MessageSender {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String TELEGRAM = "https://api.telegram.org";
    private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

    private final Channel.Webhook webhook;
    private final HttpClient client;

    WebhookDelivery(Channel.Webhook webhook, Executor threads) {
        this.webhook = webhook;
        // A redirect could hand the token to somebody else.
        this.client = HttpClient.newBuilder()
                .executor(threads)
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public void send(Message message) throws IOException, Refused, InterruptedException {
        for (HttpRequest request : requests(message)) {
            int status;
            try {
                status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                // The message of the library may have the URL, which may be the secret.
                throw new IOException(e.getClass().getSimpleName() + " from " + host(request.uri()), e);
            }
            if (status / 100 != 2) {
                String reason = host(request.uri()) + " answered with status " + status;
                if (status / 100 == 4 && status != 408 && status != 425 && status != 429) {
                    throw new Refused(reason);
                }
                throw new IOException(reason);
            }
        }
    }

    private static String host(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private List<HttpRequest> requests(Message message) throws IOException, Refused {
        String secret = webhook.secret().read();
        return switch (webhook.form()) {
            case JSON -> List.of(post(webhook.url(), message.json(), secret));
            case SLACK, MATTERMOST -> List.of(post(url(secret), Message.json(Map.of("text", text(message))), ""));
            case TEAMS -> List.of(post(url(secret), Message.json(card(message)), ""));
            case TELEGRAM ->
                List.of(post(
                        (webhook.url().isEmpty() ? TELEGRAM : webhook.url()) + "/bot" + secret + "/sendMessage",
                        Message.json(Map.of("chat_id", webhook.to(), "text", text(message))),
                        ""));
            case NTFY -> List.of(ntfy(message, secret));
            case TEMPLATE -> List.of(post(webhook.url(), filled(message), secret));
            case PAGERDUTY -> {
                // An incident is opened and resolved by its own key.
                List<HttpRequest> all = new java.util.ArrayList<>();
                for (Event event : message.events()) {
                    String url = webhook.url().isEmpty() ? PAGERDUTY : webhook.url();
                    all.add(post(url, Message.json(pagerduty(message, event, secret)), ""));
                }
                yield all;
            }
        };
    }

    private String url(String secret) {
        return webhook.url().isEmpty() ? secret : webhook.url();
    }

    private static String text(Message message) {
        return message.summary() + "\n" + message.details();
    }

    private HttpRequest post(String url, String body, String token) throws Refused {
        HttpRequest.Builder request =
                request(url).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private HttpRequest.Builder request(String url) throws Refused {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null || !List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                throw new Refused("its URL is none of http or https");
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(LIMIT).header("User-Agent", "outguard");
            webhook.headers().forEach(request::header);
            return request;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new Refused("its URL or one of its headers cannot be read");
        }
    }

    private HttpRequest ntfy(Message message, String token) throws Refused {
        HttpRequest.Builder request = request(webhook.url() + (webhook.to().isEmpty() ? "" : "/" + webhook.to()))
                .header("Title", ascii(message.summary()))
                .header("Priority", message.ended() ? "low" : message.worst() == Verdict.OFFENDING ? "urgent" : "high")
                .header("Tags", message.ended() ? "white_check_mark" : "rotating_light")
                .POST(HttpRequest.BodyPublishers.ofString(message.details()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static Map<String, Object> card(Message message) {
        Map<String, Object> content = Map.of(
                "type",
                "AdaptiveCard",
                "version",
                "1.4",
                "body",
                List.of(
                        Map.of("type", "TextBlock", "weight", "Bolder", "wrap", true, "text", message.summary()),
                        Map.of("type", "TextBlock", "fontType", "Monospace", "wrap", true, "text", message.details())));
        return Map.of(
                "type",
                "message",
                "attachments",
                List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", content)));
    }

    private static Map<String, Object> pagerduty(Message message, Event event, String key) {
        Message one = new Message(message.host(), message.at(), List.of(event), 0);
        Map<String, Object> payload = Map.of(
                "summary",
                one.summary(),
                "source",
                message.host(),
                "severity",
                event.verdict() == Verdict.OFFENDING ? "critical" : "warning",
                "timestamp",
                event.at().toString(),
                "class",
                event.kind().name().toLowerCase(Locale.ROOT),
                "custom_details",
                one.object());
        return Map.of(
                "routing_key",
                key,
                "event_action",
                event.what() == Event.What.ENDED ? "resolve" : "trigger",
                "dedup_key",
                message.host() + "/" + event.id(),
                "payload",
                payload);
    }

    /* A template is JSON, so what is put in is text within its quotes. */
    private String filled(Message message) {
        String body = webhook.template();
        body = body.replace("{summary}", quoted(message.summary()));
        body = body.replace("{details}", quoted(message.details()));
        body = body.replace("{event}", message.first().what().name().toLowerCase(Locale.ROOT));
        body = body.replace("{host}", quoted(message.host()));
        return body.replace("{json}", message.json());
    }

    private static String quoted(String text) {
        String json = Message.json(text);
        return json.substring(1, json.length() - 1);
    }
}
