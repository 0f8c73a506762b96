package org.outguard.maillog;

import java.util.ArrayList;
import java.util.List;

/** One SMTP session of smtpd(8), between its connect and its disconnect line. */
final class Session {

    private static final int MAX_LIVES = 64;

    /** {@code name[address]} or {@code name[address]:port}, as its connect line has it; empty where that is missing. */
    final byte[] client;

    /** Messages that it handed in without a login. */
    final List<Life> withoutLogin = new ArrayList<>();

    /** More of them than are remembered. */
    boolean many;

    Session(byte[] client) {
        this.client = client;
    }

    void add(Life life) {
        if (withoutLogin.size() < MAX_LIVES) {
            withoutLogin.add(life);
        } else {
            many = true;
        }
    }
}
