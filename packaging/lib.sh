# Shared by the scripts of this folder; sourced after `root` is set to the project's folder.
# Chatter goes to stderr: what a command prints on stdout belongs to whoever asked for it.

# Mail systems that the tests unpack (packaging/mail-systems), and the libraries that these are linked with.
mail_system_packages=(postfix exim4-daemon-light exim4-base exim4-config dovecot-core dovecot-lmtpd dovecot-submissiond
    dovecot-sieve)
mail_system_libraries=(php-cli libdb5.3 libnsl2 libicu72 libsasl2-2 libssl3 libidn12 libidn2-0 libgnutls-dane0 libpcre2-8-0
    libsodium23 libunwind8 libcap2)

say() {
    printf 'outguard: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# Runs a command and shows its output only where it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] || tail -n 60 "$log" >&2
    rm -f "$log"
    return "$status"
}

# Runs a command whose failure is dealt with by the caller.
silently() {
    "$@" >/dev/null 2>&1 </dev/null
}

# Installs those of the named Debian packages that are missing; asks apt only then.
install_missing() {
    local package missing=()
    local -A present=()
    command -v dpkg-query >/dev/null || return 0
    # One call for all of them; it complains about every package that it does not know.
    while read -r package; do
        present[$package]=1
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
    for package in "$@"; do
        [ -n "${present[$package]:-}" ] || missing+=("$package")
    done
    [ "${#missing[@]}" = 0 ] && return 0
    [ "$(id -u)" = 0 ] || die "missing: ${missing[*]} (run as root, or: apt-get install ${missing[*]})"
    say "installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # Capture is done as root here; the question is about other users.
    if [[ " ${missing[*]} " == *" tshark "* ]]; then
        echo 'wireshark-common wireshark-common/install-setuid boolean false' | debconf-set-selections
    fi
    local get=(apt-get -q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
    if ! quietly "${get[@]}" install --no-install-recommends "${missing[@]}"; then
        say "again, with fresh package lists"
        quietly "${get[@]}" update || say "apt-get update failed; trying with what it has"
        quietly "${get[@]}" install --no-install-recommends "${missing[@]}" || die "could not install ${missing[*]}"
    fi
}

# A JDK 17 by preference: a caller's JAVA_HOME of that version, Debian's, then whatever there is.
find_jdk() {
    local home
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*17*; do
        if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="17[."]' "$home/release"; then
            export JAVA_HOME=$home
            return 0
        fi
    done
    if [ -z "${JAVA_HOME:-}" ] || [ ! -x "$JAVA_HOME/bin/javac" ]; then
        home=$(readlink -f "$(command -v javac)") || die "no JDK found"
        export JAVA_HOME=${home%/bin/javac}
    fi
}

# What the build needs and what the program calls, each declared once.
build_packages=(openjdk-17-jdk-headless maven gcc make libc6-dev clang libbpf-dev)
program_packages=(libpcap0.8 libbpf1 nftables iproute2 util-linux procps)
# For packaging/build-native.
portable_packages=(debootstrap debian-archive-keyring dpkg-dev binutils llvm unzip)
test_packages=(systemd tmux strace tcpdump tshark python3 perl php-cli php-fpm libfcgi-bin bpftool iptables iputils-ping man-db
	groff-base)

# How the program is run. A small heap to begin with: most of the time there is little to remember. The quick compiler
# alone: the better one takes memory and, for the first minutes, as much of a core as all the rest; packets are counted in C.
# The archive of classes where it was made for: elsewhere each of its pages is written to, which takes time and memory.
# No figures for jstat: they are gathered twenty times a second. Locks that nobody waits for any more are given back now and
# then, not four times a second.
vm=(-XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=24m -Xms4m -Xmx256m
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:AsyncDeflationInterval=5000)
# For what watches without a screen: work that comes four times a second is compiled within seconds, not minutes. A screen would
# wait for it.
vm_watch=(-XX:CompileThresholdScaling=0.1)
