package org.outguard.procfs.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The request that a worker of a web server is at, by its memory; values of earlier requests may be among them. */
public final class WorkerRequest {

    private WorkerRequest() {}

    /**
     * Values by name: {@code SCRIPT_FILENAME}, {@code REQUEST_URI}, {@code REMOTE_ADDR}, {@code REQUEST_METHOD},
     * {@code HTTP_HOST}, {@code HTTP_USER_AGENT}. Empty where the memory may not be read, or holds none.
     *
     * @param proc where proc(5) is mounted
     */
    public static Map<String, List<String>> of(Path proc, int pid) {
        return RequestMemory.search(proc.resolve(Integer.toString(pid)))
                .map(RequestMemory.Found::values)
                .orElse(Map.of());
    }
}
