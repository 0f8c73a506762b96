package org.outguard.app.host;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.outguard.kernel.RoutedDevices;
import org.outguard.nft.Hooks;
import org.outguard.procfs.CgroupMount;

/** What rules hang on in this machine. Devices are looked up anew after a while, since a screen asks with each picture. */
public final class MachineHooks implements Hooks {

    private static final Duration FRESH = Duration.ofSeconds(2);

    private final String cgroups = CgroupMount.prefix(Path.of("/proc/self/mountinfo"));
    private final LoadingCache<String, List<String>> devices =
            Caffeine.newBuilder().expireAfterWrite(FRESH).build(key -> RoutedDevices.find());

    @Override
    public List<String> devices() {
        return devices.get("");
    }

    @Override
    public String cgroups() {
        return cgroups;
    }
}
