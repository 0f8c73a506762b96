package org.outguard.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.trace.left.Leftover;
import org.outguard.trace.left.Mend;
import org.outguard.trace.php.PhpScore;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.web.RequestBook;
import org.outguard.trace.web.WebRequest;
import org.outguard.trace.web.WebSite;

/**
 * The way from an offender to the hole. Text from outside is in it.
 *
 * @param asked what was asked for
 * @param facts what is known of the process or the mail
 * @param file the file behind it, where one is known and there
 * @param site that serves it
 * @param cms that it is part of
 * @param requests what access logs say of it; empty where the file is no script of a site
 * @param related files that came with it
 * @param left what else an intruder has left on this machine
 * @param plan the clean-up, in order
 * @param gaps what could not be looked at, and how to get it back
 */
public record Trace(
        String asked,
        List<String> facts,
        Optional<Suspect> file,
        Optional<WebSite> site,
        Optional<Cms> cms,
        Optional<Requests> requests,
        List<Related> related,
        List<Leftover> left,
        List<Step> plan,
        List<String> gaps) {

    public Trace {
        facts = List.copyOf(facts);
        related = List.copyOf(related);
        left = List.copyOf(left);
        plan = List.copyOf(plan);
        gaps = List.copyOf(gaps);
    }

    /**
     * The file behind it.
     *
     * @param owner name of its owner
     * @param sha256 of its content; empty where it could not be read
     * @param score of its code; nothing for what is no PHP
     */
    public record Suspect(FileEntry entry, String owner, String sha256, Optional<PhpScore> score) {}

    /**
     * What access logs say.
     *
     * @param count calls of it
     * @param others calls by clients that are not listed
     * @param callers who called it, most calls first
     * @param clients how many clients there were
     * @param first the first request that ever named it
     * @param last the last one
     * @param ran the request that it was at work for
     * @param ranConfidence {@code "strong"}, {@code "probable"}, {@code "weak"}
     * @param writer the request that probably wrote it
     * @param written when that was
     */
    public record Requests(
            long count,
            long others,
            List<RequestBook.Caller> callers,
            int clients,
            Optional<WebRequest> first,
            Optional<WebRequest> last,
            Optional<WebRequest> ran,
            String ranConfidence,
            Optional<RequestBook.Writer> writer,
            Instant written) {
        public Requests {
            callers = List.copyOf(callers);
        }
    }

    /**
     * A file that came with it.
     *
     * @param how {@code "has the same content"}
     */
    public record Related(FileEntry entry, String how) {}

    /**
     * A step of the clean-up.
     *
     * @param what in words
     * @param risk what it may break
     * @param mend the exact command, and what undoes it
     */
    public record Step(String what, String risk, Mend mend) {

        /** The exact command. */
        public String command() {
            return mend.command();
        }

        /** What undoes it. */
        public String undo() {
            return mend.undo();
        }
    }
}
