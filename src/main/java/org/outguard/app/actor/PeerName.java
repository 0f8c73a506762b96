package org.outguard.app.actor;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** The user at the other end of a Unix socket. */
interface PeerName {

    /** As the kernel tells it: who connected, or who listened (SO_PEERCRED in unix(7)). */
    PeerName OF_THE_KERNEL = channel ->
            channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();

    /** By the name of the user's number here. */
    String of(SocketChannel channel) throws IOException;
}
