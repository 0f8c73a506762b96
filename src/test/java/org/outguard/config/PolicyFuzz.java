package org.outguard.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.guard.policy.Policy;

/** Policies in TOML. */
public final class PolicyFuzz implements FuzzTarget {

    private final FuzzFile file = new FuzzFile("outguard.toml");

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        // With all that it shows in comments as well.
        String shipped = Files.readString(Path.of("packaging/outguard.toml"));
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(shipped.getBytes(StandardCharsets.UTF_8));
        seeds.add(shipped.replaceAll("(?m)^# ?(?=[\\[a-z_\"]+.*[=\\]])", "").getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "[[rule]]\n",
                "[[notify]]\n",
                "[limits]\n",
                "kind = \"SCAN\"\n",
                "do = \"block\"\n",
                "for = \"PT1M\"\n",
                "\"\"\"",
                "'''",
                "= {}",
                "= []",
                "inf",
                "nan",
                "1979-05-27T07:32:00Z",
                "\"999999999999h\"",
                "\"0s\"",
                "a.b.c = 1\n");
    }

    @Override
    public void feed(byte[] input) throws IOException {
        PolicyFile.read(file.holding(input), Policy.defaults(Set.of()));
    }
}
