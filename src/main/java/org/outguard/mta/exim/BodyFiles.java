package org.outguard.mta.exim;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.SpoolLayout;

/**
 * The file {@code ID-D} that Exim has open and locked while it delivers a message. The process of a transport inherits it,
 * or opens it anew where it goes on with a connection ({@code -MC}).
 *
 * @param input folder of the spool
 * @param layout reads the header file beside it
 */
record BodyFiles(Path input, EximLayout layout) implements DeliveryFiles {

    private static final String BODY = "-D";

    @Override
    public Set<String> programs() {
        return Set.of("exim4", "exim");
    }

    @Override
    public Optional<QueueId> id(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.startsWith(input) && name.endsWith(BODY)
                ? layout.id(name.substring(0, name.length() - BODY.length()) + "-H")
                : Optional.empty();
    }

    @Override
    public Optional<QueuedMessage> read(Path file, QueueId id) {
        return Optional.ofNullable(file.getParent())
                .flatMap(folder -> layout.message(new SpoolLayout.Folder(folder, Status.DEFERRED), id));
    }
}
