package org.outguard.mta;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.action.MessageStep.MessageRef;

/** Cuts a list of messages into actions, since each action is one line of the journal, whose length is bounded. */
public final class MessageBatches {

    /* What postsuper says of as many, a line each, is kept whole: see ProcessRunner.STDERR_BYTES. */
    private static final int MOST_MESSAGES = 20_000;

    private static final int MOST_BYTES = 3 * 1024 * 1024;
    private static final int BYTES_BESIDE_TEXT = 90;
    private static final int BYTES_OF_AN_ESCAPE = 6;

    private MessageBatches() {}

    /** The same messages in the same order. */
    public static List<List<MessageRef>> of(List<MessageRef> messages) {
        List<List<MessageRef>> batches = new ArrayList<>();
        List<MessageRef> batch = new ArrayList<>();
        int bytes = 0;
        for (MessageRef message : messages) {
            int more = BYTES_BESIDE_TEXT
                    + written(message.sender())
                    + written(message.id().id())
                    + written(message.id().instance());
            if (!batch.isEmpty() && (bytes + more > MOST_BYTES || batch.size() == MOST_MESSAGES)) {
                batches.add(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
            batch.add(message);
            bytes += more;
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }

    private static int written(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 127 && c != '"' && c != '\\';
            bytes += plain ? 1 : BYTES_OF_AN_ESCAPE;
        }
        return bytes;
    }
}
