package org.outguard.mta.container;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docker(1) and podman(1) keep of containers in files that root alone may write. Neither is asked, so no socket of a
 * daemon is needed.
 *
 * @param root where the machine's files are: {@code /}
 */
public record ContainerRuntimes(Path root) {

    /* docker, podman, containerd, cri-o: alone, or between a prefix and .scope. */
    private static final Pattern ID = Pattern.compile("(?:^|[/:-])([0-9a-f]{64})(?=$|[./:])", Pattern.MULTILINE);
    private static final int SHORT_ID = 12;
    private static final int LONGEST_NAME = 64;
    private static final String DOCKER = "var/lib/docker/containers";
    private static final List<String> PODMAN =
            List.of("var/lib/containers/storage/overlay-containers", "var/lib/containers/storage/vfs-containers");

    /** Id of a container by proc_pid_cgroup(5); empty where no runtime has named it. */
    public static String id(String cgroup) {
        Matcher matcher = ID.matcher(cgroup);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Name of a container as one word; its short id where no runtime here knows it. */
    public String name(String id) {
        String name = dockerName(id).or(() -> podmanName(id)).orElse("");
        // A name from outside becomes part of ids.
        String word = name.replaceAll("[^0-9A-Za-z_.-]", "_");
        return word.isEmpty()
                ? id.substring(0, Math.min(SHORT_ID, id.length()))
                : word.substring(0, Math.min(LONGEST_NAME, word.length()));
    }

    /* The name stands there with a slash in front. */
    private Optional<String> dockerName(String id) {
        return json(root.resolve(DOCKER).resolve(id).resolve("config.v2.json"))
                .map(config -> config instanceof Map<?, ?> map ? map.get("Name") : null)
                .map(name -> String.valueOf(name).replaceFirst("^/", ""));
    }

    private Optional<String> podmanName(String id) {
        for (String folder : PODMAN) {
            Object all = json(root.resolve(folder).resolve("containers.json")).orElse("");
            for (Object one : all instanceof List<?> list ? list : List.of()) {
                if (one instanceof Map<?, ?> container
                        && id.equals(container.get("id"))
                        && container.get("names") instanceof List<?> names
                        && !names.isEmpty()) {
                    return Optional.of(String.valueOf(names.get(0)));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Object> json(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.ofNullable(JSON.std.anyFrom(Files.readString(file)))
                    : Optional.empty();
        } catch (IOException e) {
            // Being written, or of another version.
            return Optional.empty();
        }
    }

    /** The files into which what the container prints is written: docker's {@code json-file}, podman's {@code k8s-file}. */
    public List<Path> logs(String id) {
        List<Path> files = new java.util.ArrayList<>(
                List.of(root.resolve(DOCKER).resolve(id).resolve(id + "-json.log")));
        PODMAN.forEach(folder -> files.add(root.resolve(folder).resolve(id).resolve("userdata/ctr.log")));
        return files.stream().filter(Files::isRegularFile).toList();
    }
}
