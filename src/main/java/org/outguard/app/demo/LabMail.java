package org.outguard.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.outguard.exec.BackgroundProgram;

/**
 * The mail system of a lab and those who hand mail in to it: a script of www-data floods, a job of another user reports now
 * and then. It is an instance of its own that lies in one folder; see native/lab/outguard-lab-mail, which keeps it and ends
 * all of it when this process ends. Safe from any thread.
 */
public final class LabMail implements AutoCloseable {

    /** Why there is none. */
    public static final String NOT_INSTALLED = "neither Postfix nor Exim is installed";

    /** What changes that. */
    public static final String HOW_TO_INSTALL =
            "Once one is there (apt-get install postfix, or exim4-daemon-light), the demo runs one of its own within the"
                    + " lab. This machine's own mail is not watched in a demo.";

    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** Mail systems that a lab can have. */
    public enum Software {
        POSTFIX("/usr/sbin/postfix", "main.cf", "mail.log"),
        EXIM("/usr/sbin/exim4", "exim4.conf", "mainlog");

        private final Path program;
        private final String configuration;
        private final String log;

        Software(String program, String configuration, String log) {
            this.program = Path.of(program);
            this.configuration = configuration;
            this.log = log;
        }

        /** The first of them that is installed. */
        public static Optional<Software> installed() {
            return Stream.of(values())
                    .filter(one -> Files.isExecutable(one.program))
                    .findFirst();
        }

        private String word() {
            return this == POSTFIX ? "postfix" : "exim";
        }
    }

    private final Software software;
    private final Path folder;
    private final MailSink sink;
    private final BackgroundProgram keeper;

    private LabMail(Software software, Path folder, MailSink sink, BackgroundProgram keeper) {
        this.software = software;
        this.folder = folder;
        this.sink = sink;
        this.keeper = keeper;
    }

    /**
     * Begins to start it, and does not wait for that.
     *
     * @param lab where
     * @param software which one
     * @param folder where it is to lie; made, and removed at the end
     * @param threads makes daemons
     * @throws IOException where it cannot even begin
     */
    public static LabMail start(Lab lab, Software software, Path folder, ThreadFactory threads) throws IOException {
        MailSink sink = MailSink.start(lab.worldNamespace(), threads);
        BackgroundProgram.Start start = BackgroundProgram.startTied(List.of(
                DemoSender.NSENTER,
                "--net=" + lab.serverNamespace(),
                "--",
                lab.programs().resolve("outguard-lab-mail").toString(),
                software.word(),
                folder.toString(),
                MailSink.ADDRESS.address().toString()));
        if (start instanceof BackgroundProgram.Start.NotStarted not) {
            sink.close();
            throw new IOException(not.reason());
        }
        return new LabMail(software, folder, sink, ((BackgroundProgram.Start.Running) start).program());
    }

    /** Which one it is. */
    public Software software() {
        return software;
    }

    /** Its main configuration file. */
    public Path configuration() {
        return folder.resolve("etc").resolve(software.configuration);
    }

    /** Its log, which it begins when it starts. */
    public Path log() {
        return folder.resolve("log").resolve(software.log);
    }

    /** Whether it takes mail. */
    public boolean isReady() {
        return Files.exists(folder.resolve("ready"));
    }

    /** Why it does not run; empty while it does, or is being started. */
    public synchronized Optional<String> problem() {
        return keeper.isRunning()
                ? Optional.empty()
                : Optional.of(software.word() + " does not run: "
                        + keeper.stop(END_LIMIT).output().strip());
    }

    /** Ends it with everything that belongs to it. */
    @Override
    public synchronized void close() throws IOException {
        keeper.stop(END_LIMIT);
        sink.close();
    }
}
