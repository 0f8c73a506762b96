# Shared by the scripts of this folder; sourced after `root` is set to the project's folder.
# Chatter goes to stderr: what a command prints on stdout belongs to whoever asked for it.

# Mail systems that the tests unpack (packaging/mail-systems); what they are linked with is read from the packages themselves.
mail_system_packages=(postfix exim4-daemon-light exim4-base exim4-config dovecot-core dovecot-lmtpd dovecot-submissiond
    dovecot-sieve opensmtpd)

# Exit status of what lacks privilege, as of the program itself.
LACKS_PRIVILEGE=77
# And of what it refuses to do.
REFUSED=4

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

# The same for what takes minutes: what `what LOG` says of its output so far is shown every 20 seconds.
with_progress() {
    local what=$1 log status=0 begun=$SECONDS reporter
    shift
    log=$(mktemp)
    (while sleep 20 && kill -0 "$$" 2>/dev/null; do
        say "  $((SECONDS - begun)) s: $("$what" "$log")"
    done) &
    reporter=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    silently kill "$reporter" || true
    [ "$status" = 0 ] || tail -n 60 "$log" >&2
    rm -f "$log"
    return "$status"
}

# What Maven is at, by its output.
maven_progress() {
    awk '/^(\[INFO\] )?Downloaded from/ { files++ }
        /^\[INFO\] --- / { split($3, plugin, ":"); step = plugin[1] " " $4 }
        END { printf "%d files fetched%s", files, step ? ", at " step : "" }' "$1"
}

# Runs a command whose failure is dealt with by the caller.
silently() {
    "$@" >/dev/null 2>&1 </dev/null
}

# The names of installed packages, one a line, and behind them what they provide.
installed_packages() {
    dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
        sed -n 's/^installed //; T; s/([^)]*)//g; s/:[a-z0-9]*//g; s/, */\n/g; p' | sed 's/ *$//; /^$/d'
}

# Of the wanted packages those that are missing. A package is a name, or several with | between them where distributions and
# their versions call it differently: any will do.
missing_packages() {
    local package name alternatives names=$*
    local -A present=()
    # One call for all names; it complains about every one that it does not know.
    # shellcheck disable=SC2086
    while read -r name; do
        present[$name]=1
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' ${names//|/ } 2>/dev/null | sed -n 's/^installed //p')
    missing=()
    for package in "$@"; do
        IFS='|' read -r -a alternatives <<<"$package"
        for name in "${alternatives[@]}"; do
            [ -z "${present[$name]:-}" ] || continue 2
        done
        missing+=("$package")
    done
    [ "${#missing[@]}" = 0 ] && return 0
    # Some names are only provided by a package of another name.
    local all wanted=("${missing[@]}")
    all=$'\n'$(installed_packages)$'\n'
    missing=()
    for package in "${wanted[@]}"; do
        IFS='|' read -r -a alternatives <<<"$package"
        for name in "${alternatives[@]}"; do
            [[ $all != *$'\n'"$name"$'\n'* ]] || continue 2
        done
        missing+=("$package")
    done
}

# Of each missing package the first name under which apt can get it, into `wanted`; those that it cannot, into `unknown`.
choose_names() {
    local package name alternatives known names=${missing[*]}
    # shellcheck disable=SC2086
    known=" $(LC_ALL=C apt-cache policy ${names//|/ } 2>/dev/null |
        awk '/^[^ ]+:$/ { name = substr($1, 1, length($1) - 1) } / Candidate: [^(]/ { printf "%s ", name }')"
    wanted=() unknown=()
    for package in "${missing[@]}"; do
        IFS='|' read -r -a alternatives <<<"$package"
        for name in "${alternatives[@]}"; do
            if [[ $known == *" $name "* ]]; then
                wanted+=("$name")
                continue 2
            fi
        done
        unknown+=("${package//|/ or }")
    done
}

# How many packages would be installed, and how much is to be fetched for them.
apt_size() {
    apt-get -q -y --print-uris --no-install-recommends install "$@" 2>/dev/null |
        awk '/^\x27/ { count++; bytes += $3 } END { printf "%d packages, %.0f MB to fetch", count, bytes / 1e6 }'
}

# Installs those of the wanted Debian packages (see missing_packages) that are missing; asks apt only then.
install_missing() {
    local missing wanted unknown
    command -v dpkg-query >/dev/null || return 0
    missing_packages "$@"
    [ "${#missing[@]}" = 0 ] && return 0
    if [ "$(id -u)" != 0 ]; then
        say "packages are missing: ${missing[*]//|/ or }; run this as root, which installs them"
        exit "$LACKS_PRIVILEGE"
    fi
    export DEBIAN_FRONTEND=noninteractive
    local get=(apt-get -q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3) fresh=''
    choose_names
    if [ "${#unknown[@]}" != 0 ]; then
        say "fetching the lists of packages"
        quietly "${get[@]}" update || say "apt-get update failed; trying with what it has"
        fresh=1
        choose_names
        [ "${#unknown[@]}" = 0 ] || die "apt-get has no package ${unknown[*]}; without it this does not run here"
    fi
    say "installing ${wanted[*]} ($(apt_size "${wanted[@]}"))"
    # Capture is done as root here; the question is about other users.
    if [[ " ${wanted[*]} " == *" tshark "* ]] && command -v debconf-set-selections >/dev/null; then
        echo 'wireshark-common wireshark-common/install-setuid boolean false' | debconf-set-selections
    fi
    if ! apt_install "${wanted[@]}"; then
        [ -z "$fresh" ] || die "could not install ${wanted[*]}"
        say "again, with fresh lists of packages"
        quietly "${get[@]}" update || say "apt-get update failed; trying with what it has"
        apt_install "${wanted[@]}" || die "could not install ${wanted[*]}"
    fi
}

# Installs, and says each quarter that is done.
apt_install() {
    quietly "${get[@]}" -o APT::Status-Fd=3 --no-install-recommends install "$@" 3> >(say_quarters)
}

# Of what apt says of its progress: KIND:PACKAGE:PERCENT:WORDS.
say_quarters() {
    local kind percent said=0 before=dlstatus
    while IFS=: read -r kind _ percent _; do
        percent=${percent%%.*}
        [[ $percent =~ ^[0-9]+$ ]] || continue
        [ "$kind" = "$before" ] || said=0
        before=$kind
        while [ "$((said + 25))" -le "$percent" ]; do
            said=$((said + 25))
            [ "$kind" = dlstatus ] && say "  $said % fetched" || say "  $said % installed"
        done
    done
}

# The feature number of a JDK, 17 or 21 or 25, into `version`; 0 where there is none.
jdk_version() {
    local line
    version=0
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]] && version=${BASH_REMATCH[1]}
    done <"$1/release"
    return 0
}

# A caller's JAVA_HOME, else a JDK 17, which is what this is compiled for, else the oldest of the newer ones. False where
# there is none.
has_jdk() {
    local home version best=1000
    if [ -n "${JAVA_HOME:-}" ]; then
        jdk_version "$JAVA_HOME"
        [ "$version" -lt 17 ] || return 0
    fi
    for home in /usr/lib/jvm/*; do
        [ ! -L "$home" ] || continue
        jdk_version "$home"
        if [ "$version" -ge 17 ] && [ "$version" -lt "$best" ]; then
            best=$version
            export JAVA_HOME=$home
        fi
    done
    [ "$best" = 1000 ] || return 0
    home=$(readlink -f "$(command -v javac || true)")
    home=${home%/bin/javac}
    jdk_version "$home"
    [ "$version" -ge 17 ] && export JAVA_HOME=$home
}

find_jdk() {
    has_jdk || die "there is no JDK from 17 on"
}

# Any JDK from 17 on will do, Debian's is installed only where there is none.
install_for_build() {
    if has_jdk; then
        install_missing "${build_packages[@]}" "$@"
    else
        install_missing "${jdk_packages[@]}" "${build_packages[@]}" "$@"
    fi
    find_jdk
}

# What the build needs and what the program calls, each declared once, with its names in Debian 12 and 13.
jdk_packages=('openjdk-17-jdk-headless|openjdk-21-jdk-headless|openjdk-25-jdk-headless|default-jdk-headless')
build_packages=(maven gcc make libc6-dev clang libbpf-dev)
program_packages=('libpcap0.8|libpcap0.8t64' libbpf1 nftables iproute2 util-linux procps)
# For packaging/package, beside those for packaging/build-native.
package_packages=(binutils dpkg gzip iproute2 python3 rpm unzip util-linux xz-utils zstd)
# For packaging/build-native.
portable_packages=(debootstrap debian-archive-keyring dpkg-dev binutils llvm unzip zstd)
# For packaging/verify-kernels.
kernel_packages=(qemu-system-x86 busybox-static iproute2 cpio kmod xz-utils zstd libelf-dev zlib1g-dev pkg-config)
# For packaging/fuzz: clang's libFuzzer and sanitizers, of the release that the package clang asks for.
fuzz_packages=('libclang-rt-14-dev|libclang-rt-19-dev|libclang-rt-21-dev|libclang-rt-20-dev')
test_packages=(systemd tmux strace tcpdump tshark python3 perl php-cli php-fpm libfcgi-bin bpftool iptables iputils-ping man-db
    groff-base bzip2 xz-utils zstd)

# The native parts of JLine and JNA, beside ours: unpacked once, by the build, and not by each run into /tmp, which may be mounted
# noexec. Each project has names of its own for machines.
unpack_libraries() {
    local target=$1 jar jna=linux-x86-64 jline=x86_64
    [ "$(uname -m)" != aarch64 ] || jna=linux-aarch64 jline=arm64
    (cd "$target/native" && for jar in "$target"/lib/jline-native-*.jar "$target"/lib/jna-[0-9]*.jar; do
        silently "$JAVA_HOME/bin/jar" xf "$jar" "org/jline/nativ/Linux/$jline" "com/sun/jna/$jna"
    done && mv "org/jline/nativ/Linux/$jline/libjlinenative.so" "com/sun/jna/$jna/libjnidispatch.so" . && rm -rf org com) ||
        die "the native parts of JLine and JNA are not in $target/lib"
}

# How the program is run. A small heap to begin with: most of the time there is little to remember; half of it has to hold the objects
# of the archive of classes, without which a JDK from 24 on does not start with classes linked ahead of time. The quick compiler
# alone: the better one takes memory and, for the first minutes, as much of a core as all the rest; packets are counted in C.
# The archive of classes where it was made for: elsewhere each of its pages is written to, which takes time and memory.
# No figures for jstat: they are gathered twenty times a second. Locks that nobody waits for any more are given back now and
# then, not four times a second.
# Without memory it ends with status 1, and is started again (native/jni/NativeLibrary.c): after that error nothing can be relied on.
# Native code is called by design; without a word about it a newer JVM complains on the terminal.
vm=(--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1
    -XX:ReservedCodeCacheSize=24m -Xms8m -Xmx256m -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:AsyncDeflationInterval=5000)
# For what watches without a screen: work that comes four times a second is compiled within seconds, not minutes. A screen would
# wait for it.
vm_watch=(-XX:CompileThresholdScaling=0.1)
