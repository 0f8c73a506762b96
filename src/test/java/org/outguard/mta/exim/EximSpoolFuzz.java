package org.outguard.mta.exim;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.SpoolLayout;

/** Spool files of Exim: what it keeps of a message beside its body. */
public final class EximSpoolFuzz implements FuzzTarget {

    private static final String ID = "1wBqz0-0000000003K-0001";

    private final FuzzFile file = new FuzzFile(ID + "-H");

    @Override
    public String name() {
        return "exim-spool";
    }

    @Override
    public List<byte[]> seeds() throws Exception {
        return MailCorpus.files("exim-spool", path -> path.toString().endsWith("-H"));
    }

    @Override
    public List<String> words() {
        return List.of(
                "-auth_id ",
                "-host_address [192.0.2.1]:99999999999",
                "-ident ",
                "--aclm _x 5",
                "-frozen ",
                "XX\n",
                "YY a b\n",
                "NN a\n");
    }

    @Override
    public void feed(byte[] input) throws Exception {
        Path path = file.holding(input);
        Path folder = Optional.ofNullable(path.getParent()).orElseThrow();
        SpoolLayout.Folder here = new SpoolLayout.Folder(folder, Status.DEFERRED);
        EximLayout layout = new EximLayout(folder, 100, MailCorpus.users());
        layout.message(here, new QueueId("", EximLayout.INSTANCE, ID))
                .ifPresent(read ->
                        layout.withReasons(new SpoolLayout.Folder(folder.resolve("input"), Status.DEFERRED), read));
    }
}
