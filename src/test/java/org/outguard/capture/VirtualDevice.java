package org.outguard.capture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Where captures are tried: a pair of virtual devices, {@code out0} here and {@code in0} far away. Needs root. */
public abstract class VirtualDevice {

    public static final int IPV4 = 0x0800;
    public static final int IPV6 = 0x86dd;
    public static final String HERE = "192.0.2.1";

    public NetworkNamespace near;
    public NetworkNamespace far;

    @BeforeEach
    void connect() throws Exception {
        near = new NetworkNamespace();
        far = new NetworkNamespace();
        NetworkNamespace.join(near, "out0", far, "in0");
        near.ip("address", "add", HERE + "/24", "dev", "out0");
    }

    @AfterEach
    void disconnect() throws Exception {
        try {
            far.close();
        } finally {
            near.close();
        }
    }
}
