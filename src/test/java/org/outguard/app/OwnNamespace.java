package org.outguard.app;

import java.util.stream.Stream;

/** A network namespace of a test's own, with its loopback up; it is there from the making to the closing. */
public final class OwnNamespace implements AutoCloseable {

    /** As ip-netns(8) and {@code --netns} have it. */
    public final String name;

    /** @param word what tells it from those of other tests */
    public OwnNamespace(String word) {
        Programs.requireRoot();
        name = "og-" + word + "-" + ProcessHandle.current().pid();
        Programs.output("ip", "netns", "add", name);
        ip("link", "set", "lo", "up");
    }

    /** Gives it a device with the address 192.0.2.2/24 and the default route, whose packets arrive nowhere. */
    public OwnNamespace withWayOut(String device) {
        ip("link", "add", device, "type", "veth", "peer", "name", "beyond");
        ip("addr", "add", "192.0.2.2/24", "dev", device);
        ip("link", "set", device, "up");
        ip("link", "set", "beyond", "up");
        ip("route", "add", "default", "dev", device);
        return this;
    }

    /** Runs nft in it; its output. */
    public String nft(String... words) {
        return program("ip netns exec " + name + " nft", words);
    }

    private void ip(String... words) {
        program("ip -n " + name, words);
    }

    private static String program(String begin, String... words) {
        return Programs.output(
                Stream.concat(Stream.of(begin.split(" ")), Stream.of(words)).toArray(String[]::new));
    }

    @Override
    public void close() {
        Programs.output("ip", "netns", "delete", name);
    }
}
