package org.outguard.mta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.SpoolLayout.Folder;
import org.outguard.mta.SpoolLayout.Reading;

/** A message that is known by its file's name. */
final class SpoolEntry {
    final QueueId id;
    Folder folder;
    long round;
    long missedIn;
    long version;
    boolean queued;
    boolean reported;
    Optional<QueuedMessage> message = Optional.empty();

    SpoolEntry(QueueId id, Folder folder) {
        this.id = id;
        this.folder = folder;
    }
}
