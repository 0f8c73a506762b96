package org.outguard.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlParseResult;

/** {@code [feedback] mailbox}: where complaints of receivers (ARF, RFC 5965) arrive on this machine. */
public final class FeedbackFile {

    static final String SECTION = "feedback";
    static final String WRONG = "must be the absolute path of an mbox file or a Maildir, as \"/var/mail/abuse\"";

    private FeedbackFile() {}

    /** The mailbox that the file of the policy names; empty where it names none. */
    public static Optional<Path> mailbox(Path policy) {
        try {
            TomlParseResult toml = CondensedToml.of(Files.readString(policy, StandardCharsets.UTF_8))
                    .parse();
            return toml.hasErrors() ? Optional.empty() : path(toml.get(List.of(SECTION, "mailbox")));
        } catch (IOException | IllegalArgumentException e) {
            // The policy of that file is complained about where it is wanted.
            return Optional.empty();
        }
    }

    /** The path that a value is; empty where it is none. */
    static Optional<Path> path(@Nullable Object value) {
        try {
            return value instanceof String text && text.startsWith("/") ? Optional.of(Path.of(text)) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
