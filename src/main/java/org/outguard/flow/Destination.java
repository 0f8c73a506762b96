package org.outguard.flow;

/**
 * Where packets go, whoever sends them.
 *
 * @param protocol of the packets
 * @param remote address and port
 */
public record Destination(Protocol protocol, Endpoint remote) {}
