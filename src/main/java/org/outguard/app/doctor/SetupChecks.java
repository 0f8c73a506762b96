package org.outguard.app.doctor;

import java.util.List;
import java.util.Optional;

/** What each finding of a machine's set-up is about, told before it is found. */
public final class SetupChecks {

    private SetupChecks() {}

    /**
     * A kind of finding.
     *
     * @param id see {@code Finding#id}
     * @param looksAt what is looked at
     */
    public record About(String id, String looksAt) {}

    private static final List<About> ALL = List.of(
            new About("privileges", "whether this user may do all that Outguard needs"),
            new About("outbound-open", "whether a rule of nft limits what users of services may send"),
            new About("reflector-open", "UDP services that answer whoever asks, by which others are attacked"),
            new About("nft-missing", "whether the rules can be listed"),
            new About("web-folder-writable", "whether the web server's user may write in the folders that it serves"),
            new About("php-may-run-programs", "disable_functions of PHP"),
            new About("php-mail-unsigned", "mail.add_x_header of PHP, which names the script in each mail"),
            new About("php-mail-log", "mail.log of PHP, which lists the scripts that send"),
            new About("php-pool-silent", "pm.status_path of PHP-FPM's pools"),
            new About("postfix-anyone-submits", "authorized_submit_users of Postfix"),
            new About("exim-anyone-submits", "acl_not_smtp of Exim"),
            new About("exim-log-without-folder", "log_selector of Exim"),
            new About("no-btf", "whether the kernel describes its types for eBPF"),
            new About("no-ebpf", "whether the kernel eye opens and counts"),
            new About("ebpf-limit", "what the kernel eye cannot see here"),
            new About("no-cgroup2", "whether control groups of version 2 are mounted"),
            new About("lockdown", "whether the kernel is locked down for confidentiality"),
            new About("no-bpf-jit", "whether the kernel compiles eBPF programs"),
            new About("user-namespace", "whether this is an unprivileged container"),
            new About("conntrack-full", "how full the table of connections is"),
            new About("bpf-for-everybody", "whether every user may load BPF programs"),
            new About("no-nft", "whether nft is installed"),
            new About("nft-no-cgroups", "whether nft can match control groups"),
            new About("nft-no-egress", "whether nft can drop at the egress of devices"),
            new About("no-mail-log", "whether mail is logged where it outlives a restart"),
            new About("unsupported-mail-system", "mail systems that Outguard does not read"));

    /** All of them. */
    public static List<About> all() {
        return ALL;
    }

    /** The kind of that name; empty where there is none. */
    public static Optional<About> of(String id) {
        return ALL.stream().filter(about -> about.id().equals(id)).findFirst();
    }
}
