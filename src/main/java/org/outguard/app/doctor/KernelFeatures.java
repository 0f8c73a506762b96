package org.outguard.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.headless.Finding;

/** What Outguard needs of the kernel, and limits that an attack runs into. */
final class KernelFeatures implements Check {

    private static final int ALMOST_FULL_PERCENT = 80;

    @Override
    public List<Finding> look(CheckContext place) {
        List<Finding> findings = new ArrayList<>();
        if (!place.has("sys/kernel/btf/vmlinux")) {
            findings.add(new Finding(
                    "no-btf",
                    Finding.Cost.HIDES_IT,
                    "the kernel does not describe its types (no /sys/kernel/btf/vmlinux)",
                    "the kernel eye cannot open: senders with a socket for each packet have no owner",
                    "apt-get install linux-image-amd64 && reboot # a kernel with CONFIG_DEBUG_INFO_BTF;"
                            + " or --btf FILE with the types of this one"));
        }
        if (!place.has("sys/fs/cgroup/cgroup.controllers") && !place.has("sys/fs/cgroup/unified/cgroup.procs")) {
            findings.add(new Finding(
                    "no-cgroup2",
                    Finding.Cost.KEEPS_IT_GOING,
                    "no control groups of version 2 are mounted",
                    "neither can a whole service be blocked or frozen at once, nor its packets be counted by it",
                    "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified"));
        }
        if (place.text("sys/kernel/security/lockdown").orElse("").contains("[confidentiality]")) {
            findings.add(new Finding(
                    "lockdown",
                    Finding.Cost.HIDES_IT,
                    "the kernel is locked down for confidentiality",
                    "the kernel eye may not read there: owners come from sockets that are open, and short ones are missed",
                    "sed -i 's/ *lockdown=[a-z]*//' /etc/default/grub && update-grub && reboot"));
        }
        if (place.text("proc/sys/net/core/bpf_jit_enable")
                .map(String::strip)
                .orElse("")
                .equals("0")) {
            findings.add(new Finding(
                    "no-bpf-jit",
                    Finding.Cost.HIDES_IT,
                    "the kernel does not compile eBPF programs (net.core.bpf_jit_enable is 0)",
                    "those of the kernel eye are refused (error 524), or take several times as long for each packet",
                    "sysctl -w net.core.bpf_jit_enable=1"));
        }
        if (inUserNamespace(place)) {
            findings.add(new Finding(
                    "user-namespace",
                    Finding.Cost.HIDES_IT,
                    "this is an unprivileged container: its root is no root of the machine",
                    "eBPF cannot be loaded in here, and what other containers and the host send is not seen",
                    "docker run --privileged --network=host --pid=host # or run outguard on the host"));
        }
        connections(place).ifPresent(findings::add);
        if (place.text("proc/sys/kernel/unprivileged_bpf_disabled")
                .map(String::strip)
                .orElse("")
                .equals("0")) {
            findings.add(new Finding(
                    "bpf-for-everybody",
                    Finding.Cost.LETS_IT_HAPPEN,
                    "every user may load BPF programs (kernel.unprivileged_bpf_disabled is 0)",
                    "an uploaded program has one more way to become root",
                    "sysctl -w kernel.unprivileged_bpf_disabled=1"));
        }
        return findings;
    }

    /* The initial one maps all users onto themselves (user_namespaces(7)). */
    private static boolean inUserNamespace(CheckContext place) {
        return place.text("proc/self/uid_map")
                .map(map -> List.of(map.strip().split("\\s+")))
                .filter(map -> !map.equals(List.of("0", "0", "4294967295")))
                .isPresent();
    }

    private static Optional<Finding> connections(CheckContext place) {
        Optional<Long> count = number(place, "proc/sys/net/netfilter/nf_conntrack_count");
        Optional<Long> most = number(place, "proc/sys/net/netfilter/nf_conntrack_max");
        if (count.isEmpty() || most.isEmpty() || count.get() * 100 < most.get() * ALMOST_FULL_PERCENT) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                "conntrack-full",
                Finding.Cost.LETS_IT_HAPPEN,
                "the table of connections is almost full: " + count.get() + " of " + most.get(),
                "when it is full the kernel drops new connections of everybody: a flood cuts the machine off",
                "sysctl -w net.netfilter.nf_conntrack_max=" + most.get() * 4));
    }

    private static Optional<Long> number(CheckContext place, String path) {
        return place.text(path)
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,15}"))
                .map(Long::valueOf);
    }
}
