package org.outguard.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.exec.ProcessRunner;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;

/** Each channel hands a message over as its service takes it; a worker groups, limits and tries again. */
class NotifyTest {

    static {
        // The first server of a JVM reads these for all, and a test of others' limits may follow.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
    }

    private static final long PATIENCE_SECONDS = 30;

    /** What came over HTTP. */
    private record Request(String path, Map<String, List<String>> headers, String body) {}

    @TempDir
    Path folder;

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final List<String> complaints = new ArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(
                    new Request(exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), body));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Secret secret(String text) throws IOException {
        return new Secret.InFile(Files.writeString(folder.resolve("secret"), text + "\n"));
    }

    private static Event event(Event.What what, String id) {
        return new Event(
                what,
                id,
                Instant.parse("2026-11-30T12:00:00Z"),
                OffenceKind.UDP_FLOOD,
                Verdict.OFFENDING,
                "173,000 packets a second \"to\" one\nremote \u001b[31m",
                "www-data",
                "/tmp/x",
                "",
                4711,
                List.of("udp 203.0.113.80:80"),
                1,
                1_000,
                173_000,
                Instant.parse("2026-11-30T11:59:58Z"));
    }

    private Message message(Event... events) {
        return new Message("mx1", now, List.of(events), 0);
    }

    private Request sent(Channel.Webhook webhook, Message message) throws Exception {
        new WebhookDelivery(webhook, Runnable::run).send(message);
        return requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Channel.Webhook webhook(String url, Channel.Form form, String to, Secret secret) {
        return new Channel.Webhook(url, form, "", to, Map.of("X-Site", "a"), secret);
    }

    @Test
    void theObjectHasWhoWhatAndWhereAndTheTokenIsABearers() throws Exception {
        Request request = sent(
                webhook(url("/hook"), Channel.Form.JSON, "", secret("t0ken")), message(event(Event.What.BEGUN, "o-1")));
        Map<String, Object> object = JSON.std.mapFrom(request.body());
        assertThat(object).containsEntry("host", "mx1").containsEntry("type", "notification");
        Map<?, ?> event = (Map<?, ?>) ((List<?>) object.get("events")).get(0);
        assertThat(event.get("event")).isEqualTo("begun");
        assertThat(event.get("user")).isEqualTo("www-data");
        assertThat(event.get("remotes")).isEqualTo(List.of("udp 203.0.113.80:80"));
        assertThat(request.headers().get("Authorization")).containsExactly("Bearer t0ken");
        assertThat(request.headers().get("X-site")).containsExactly("a");
    }

    @Test
    void eachServiceGetsItsForm() throws Exception {
        Message message = message(event(Event.What.BEGUN, "o-1"));
        assertThat(JSON.std.mapFrom(sent(webhook("", Channel.Form.SLACK, "", secret(url("/T/B/x"))), message)
                        .body()))
                .containsKey("text");
        assertThat(sent(webhook("", Channel.Form.TEAMS, "", secret(url("/teams"))), message)
                        .body())
                .contains("application/vnd.microsoft.card.adaptive");
        Request telegram = sent(webhook(url(""), Channel.Form.TELEGRAM, "-100", secret("12:ab")), message);
        assertThat(telegram.path()).isEqualTo("/bot12:ab/sendMessage");
        assertThat(JSON.std.mapFrom(telegram.body())).containsEntry("chat_id", "-100");
        Request ntfy = sent(webhook(url(""), Channel.Form.NTFY, "alerts", new Secret.None()), message);
        assertThat(ntfy.path()).isEqualTo("/alerts");
        assertThat(ntfy.headers().get("Priority")).containsExactly("urgent");
        Map<String, Object> opened =
                JSON.std.mapFrom(sent(webhook(url("/pd"), Channel.Form.PAGERDUTY, "", secret("key")), message)
                        .body());
        Map<String, Object> resolved = JSON.std.mapFrom(sent(
                        webhook(url("/pd"), Channel.Form.PAGERDUTY, "", secret("key")),
                        message(event(Event.What.ENDED, "o-1")))
                .body());
        assertThat(opened).containsEntry("event_action", "trigger").containsEntry("routing_key", "key");
        assertThat(resolved).containsEntry("event_action", "resolve");
        assertThat(opened.get("dedup_key")).isEqualTo(resolved.get("dedup_key")).isEqualTo("mx1/o-1");
    }

    @Test
    void aTemplateStaysJsonWhateverIsPutIn() throws Exception {
        Channel.Webhook webhook = new Channel.Webhook(
                url("/t"),
                Channel.Form.TEMPLATE,
                "{\"a\":\"{summary}\",\"b\":\"{details}\",\"c\":{json},\"d\":\"{event}\"}",
                "",
                Map.of(),
                new Secret.None());
        Map<String, Object> body = JSON.std.mapFrom(
                sent(webhook, message(event(Event.What.BEGUN, "o-1"))).body());
        assertThat(body).containsEntry("d", "begun");
        assertThat((String) body.get("b")).contains("\"to\" one").doesNotContain("\u001b");
        assertThat(body.get("c")).isInstanceOf(Map.class);
    }

    @Test
    void noSecretIsInAComplaint() throws Exception {
        server.stop(0);
        Worker worker = worker(webhook("", Channel.Form.SLACK, "", secret(url("/T/SECRET"))), Duration.ZERO, 60);
        worker.offer(event(Event.What.BEGUN, "o-1"));
        worker.step();
        assertThat(complaints).hasSize(1);
        assertThat(complaints.get(0)).contains("127.0.0.1").doesNotContain("SECRET");
    }

    private Worker worker(Channel channel, Duration group, int perHour) {
        Target target =
                new Target("ops", channel, EnumSet.allOf(OffenceKind.class), Verdict.OFFENDING, true, group, perHour);
        MessageSender delivery = channel instanceof Channel.Webhook webhook
                ? new WebhookDelivery(webhook, Runnable::run)
                : new ExecDelivery(
                        (Channel.Exec) channel, (argv, stdin, limit) -> new CommandResult.Finished(0, "", ""));
        return new Worker(target, delivery, "mx1", () -> now, complaints::add);
    }

    @Test
    void eventsOfAMomentAreOneMessageAndWhatIsTooManyIsCounted() throws Exception {
        Worker worker = worker(webhook(url("/"), Channel.Form.JSON, "", new Secret.None()), Duration.ofSeconds(1), 2);
        worker.offer(event(Event.What.BEGUN, "o-1"));
        worker.offer(event(Event.What.BEGUN, "o-2"));
        assertThat(worker.step()).isPositive();
        assertThat(requests).isEmpty();
        now = now.plusSeconds(1);
        worker.step();
        assertThat((List<?>) JSON.std.mapFrom(requests.take().body()).get("events"))
                .hasSize(2);
        worker.offer(event(Event.What.ENDED, "o-1"));
        now = now.plusSeconds(2);
        worker.step();
        assertThat(requests.take().body()).contains("\"ended\"");
        for (int i = 0; i < Worker.MAX_WAITING + 10; i++) {
            worker.offer(event(Event.What.BEGUN, "o-many" + i));
        }
        now = now.plusSeconds(2);
        worker.step();
        assertThat(requests).isEmpty();
        now = now.plusSeconds(3_600);
        worker.step();
        assertThat(requests.take().body()).contains("\"omitted\":10");
    }

    @Test
    void whatFailsIsTriedAgainLaterAndLaterAndSentOnce() throws Exception {
        Worker worker = worker(webhook(url("/"), Channel.Form.JSON, "", new Secret.None()), Duration.ZERO, 60);
        status = 503;
        worker.offer(event(Event.What.BEGUN, "o-1"));
        Duration first = worker.step();
        assertThat(requests.take()).isNotNull();
        assertThat(first).isEqualTo(Duration.ofSeconds(1));
        assertThat(worker.step()).isEqualTo(Duration.ofSeconds(1));
        now = now.plusSeconds(1);
        assertThat(worker.step()).isEqualTo(Duration.ofSeconds(2));
        requests.take();
        status = 200;
        now = now.plusSeconds(2);
        worker.step();
        requests.take();
        worker.step();
        assertThat(requests).isEmpty();
        assertThat(worker.isIdle()).isTrue();
        assertThat(complaints).hasSize(1);
    }

    @Test
    void whatIsRefusedIsNotTriedAgain() throws Exception {
        Worker worker = worker(webhook(url("/"), Channel.Form.JSON, "", new Secret.None()), Duration.ZERO, 60);
        status = 401;
        worker.offer(event(Event.What.BEGUN, "o-1"));
        worker.step();
        assertThat(requests.take()).isNotNull();
        assertThat(worker.isIdle()).isTrue();
        assertThat(complaints.get(0)).contains("401");
    }

    @Test
    void mailGoesToTheServerThatIsNamed() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (ServerSocket smtp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread sink = new Thread(() -> serve(smtp, lines));
            sink.start();
            Channel.Mail mail = new Channel.Mail(
                    "127.0.0.1",
                    smtp.getLocalPort(),
                    Channel.Tls.NONE,
                    "",
                    new Secret.None(),
                    "outguard@example.org",
                    List.of("noc@example.org", "b@example.org"));
            new MailDelivery(mail).send(message(event(Event.What.BEGUN, "o-1")));
            sink.join(PATIENCE_SECONDS * 1_000);
        }
        assertThat(lines)
                .contains("MAIL FROM:<outguard@example.org>", "RCPT TO:<noc@example.org>", "RCPT TO:<b@example.org>")
                .contains("Subject: outguard on mx1: UDP_FLOOD by www-data /tmp/x", "Auto-Submitted: auto-generated")
                .anyMatch(line -> line.contains("udp 203.0.113.80:80"));
    }

    private static void serve(ServerSocket listening, BlockingQueue<String> lines) {
        try (Socket client = listening.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                PrintWriter out = new PrintWriter(client.getOutputStream(), false, StandardCharsets.US_ASCII)) {
            out.print("220 sink\r\n");
            out.flush();
            boolean data = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                String answer = "250 ok";
                if (data) {
                    if (!line.equals(".")) {
                        continue;
                    }
                    data = false;
                } else if (line.equals("DATA")) {
                    data = true;
                    answer = "354 go on";
                } else if (line.equals("QUIT")) {
                    answer = "221 bye";
                }
                out.print(answer + "\r\n");
                out.flush();
            }
        } catch (IOException e) {
            lines.add("sink: " + e);
        }
    }

    @Test
    void syslogGetsSeverityAndFields() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout((int) PATIENCE_SECONDS * 1_000);
            new SyslogDelivery(
                            new Channel.Syslog("127.0.0.1:" + socket.getLocalPort()),
                            (argv, stdin, limit) -> new CommandResult.NotFound("not asked for"))
                    .send(message(event(Event.What.BEGUN, "o-1")));
            DatagramPacket packet = new DatagramPacket(new byte[9_000], 9_000);
            socket.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .startsWith(
                            "<26>1 2026-11-30T12:00:00Z mx1 outguard - UDP_FLOOD [outguard@32473 event=\"begun\" id=\"o-1\"")
                    .contains("user=\"www-data\"")
                    .doesNotContain("\n")
                    .doesNotContain("\u001b");
        }
        List<String> entries = new ArrayList<>();
        new SyslogDelivery(new Channel.Syslog("journald"), (argv, stdin, limit) -> {
                    entries.add(argv + "\n" + stdin);
                    return new CommandResult.Finished(0, "", "");
                })
                .send(message(event(Event.What.ENDED, "o-1")));
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).lines())
                .startsWith("[logger, --journald]")
                .contains("PRIORITY=5", "OUTGUARD_KIND=UDP_FLOOD", "OUTGUARD_EVENT=ended")
                .allMatch(line -> line.startsWith("[") || line.matches("[A-Z_]+=.*"));
    }

    @Test
    void aProgramReadsTheObject() throws Exception {
        Path written = folder.resolve("written");
        new ExecDelivery(new Channel.Exec(List.of("/usr/bin/tee", written.toString())), new ProcessRunner(work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    return thread;
                }))
                .send(message(event(Event.What.BEGUN, "o-1")));
        assertThat(JSON.std.mapFrom(Files.readString(written))).containsEntry("host", "mx1");
    }
}
