# shellcheck shell=bash disable=SC2154 # sourced by packaging/verify-packages, which sets the variables
# What is tried in each system. A cell of the table is "ok", a figure, or "FAILED" with the step's words in the log.

newest() {
    local found
    # shellcheck disable=SC2086 # a pattern
    found=$(cd "$packages" && ls -t $1 2>/dev/null | head -n 1)
    [ -n "$found" ] || die "no $1 in $packages"
    printf '%s' "$packages/$found"
}

# A bare system of a suite, made once and copied.
copy_of() {
    local suite=$1 into=$2
    if [ ! -d "$base/$suite" ] || [ ! -e "$base/$suite/etc/debian_version" ]; then
        say "making a system of $suite"
        rm -rf "$base/$suite.new"
        quietly debootstrap --variant=minbase --keyring="$debian_keyring" "$suite" "$base/$suite.new" "$(mirror_of Debian)" ||
            die "debootstrap of $suite failed"
        mv "$base/$suite.new" "$base/$suite"
    fi
    rm -rf --one-file-system "$into"
    cp -a --reflink=auto "$base/$suite" "$into"
}

# With network, for what the package depends on.
with_network() {
    local system=$1
    shift
    cp /etc/resolv.conf "$system/etc/resolv.conf"
    unshare --mount --pid --fork --kill-child --propagation private bash -c 'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$@"' bash "$system" "$@"
}

# In a network of its own with nothing but lo, and without a locale. The first word "host:" runs the rest outside of the chroot.
offline() {
    local system=$1
    shift
    # shellcheck disable=SC2016 # of the inner shell
    unshare --mount --net --pid --fork --kill-child --propagation private bash -c 'system=$1 && shift
        # A mount point, as the root of a system is.
        mount --bind "$system" "$system"
        mount -t proc proc "$system/proc"
        mount --rbind /sys "$system/sys"
        mount --rbind /dev "$system/dev"
        mount -t tmpfs tmpfs "$system/dev/shm"
        mount -t tmpfs tmpfs "$system/run"
        ip link set lo up
        if [ "$1" = host: ]; then
            shift
            exec "$@"
        fi
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm DEBIAN_FRONTEND=noninteractive chroot "$system" "$@"' \
        bash "$system" "$@" </dev/null
}

# A step:  step NAME COMMAND...  puts a cell into `row`; its words go to the log.
step() {
    local name=$1 status=0
    shift
    "$@" >"$log/$suite.$name" 2>&1 || status=$?
    if [ "$status" = 0 ]; then
        row+=" ok |"
    else
        row+=" FAILED |"
        bad=1
        say "$suite: $name failed with $status: $(tail -n 3 "$log/$suite.$name")"
    fi
}

frame() {
    local name=$1 figure
    shift
    if figure=$("$@" 2>"$log/$suite.$name"); then
        row+=" $figure |"
    else
        row+=" FAILED |"
        bad=1
        say "$suite: no first frame: $(tail -n 3 "$log/$suite.$name")"
    fi
}

first_frame() {
    offline "$1" host: "$root/packaging/dist/first-frame" 7 chroot "$1" "${@:2}" -i lo
}

# Everything but what package managers write about themselves; of an overlay, what was written to it.
files_of() {
    set -- "${over:-$1}"
    (cd "$1" && { find etc usr var opt root srv -xdev \( -path var/lib/dpkg -o -path var/cache -o -path var/lib/rpm -o -path var/log \
        -o -path usr/lib/sysimage -o -path var/lib/systemd \) -prune -o -print 2>/dev/null || true; } | LC_ALL=C sort
    cd "$1" && find var/log -name '*outguard*' 2>/dev/null && find var/lib/dpkg/info var/lib/systemd -name '*outguard*' 2>/dev/null || true)
}

# What a removal leaves, in a cell.
left() {
    local before=$1 system=$2 rest file
    rest=$(files_of "$system" | comm -13 "$before" - | grep -v -e '^etc/.*-$' -e '^etc/ld.so.cache$' -e '\.pyc$' || true)
    if [ -n "${over:-}" ]; then
        # What this machine has too was changed at most.
        rest=$(while IFS= read -r file; do [ -e "/$file" ] || [ -L "/$file" ] || printf '%s\n' "$file"; done <<<"$rest")
    fi
    printf '%s\n' "$rest" >"$log/$suite.left"
    if [ -z "$rest" ]; then
        row+=" nothing |"
    else
        row+=" $(head -n 6 <<<"$rest" | tr '\n' ' ')|"
        bad=1
    fi
}

demo() {
    offline "$1" "$2" demo --headless --for 8s --json - >"$log/$suite.demo.json" && grep -q '"type":"offender"' "$log/$suite.demo.json"
}

# Blocks something in a namespace that stays (its own), so that something stands; then removes and reads what is said.
removal='set -e
    outguard block --remote 192.0.2.1 --for 1h --yes
    nft list table inet outguard | grep -q 192.0.2.1
    REMOVE 2>&1 | tee /tmp/said
    grep -q 192.0.2.1 /tmp/said
    grep -q "outguard undo --all" /tmp/said
    nft list table inet outguard | grep -q 192.0.2.1
    test ! -e /usr/bin/outguard
    test -s /var/lib/outguard/standing
    INSTALL
    UNDO
    if nft list table inet outguard 2>/dev/null | grep -q 192.0.2.1; then exit 1; fi
    rm /tmp/said'

try_deb() {
    local package=$1 file=$2 system=$3 what=$4 later
    local before=$work/before.$suite
    files_of "$system" >"$before"
    cp "$file" "$system/package.deb"
    later=$work/later
    rm -rf "$later"
    dpkg-deb -R "$file" "$later"
    sed -i 's/^Version: .*/&.1/' "$later/DEBIAN/control"
    dpkg-deb --root-owner-group -Zxz -z0 --build "$later" "$system/later.deb" >/dev/null
    row="| $suite | $what |"
    step install offline "$system" dpkg -i /package.deb
    step version offline "$system" outguard --version
    step once offline "$system" outguard once -i lo --for 1s
    frame frame first_frame "$system" /usr/bin/outguard
    step demo demo "$system" outguard
    if [ "$package" = outguard ]; then
        cp "$root/packaging/dist/try-completions" "$root/packaging/dist/try-service" "$system/"
        step completions offline "$system" sh /try-completions
    else
        row+=" - |"
    fi
    step upgrade offline "$system" sh -ec 'echo "# mine" >>/etc/outguard/outguard.toml
        dpkg -i /later.deb
        tail -n 1 /etc/outguard/outguard.toml | grep -q mine
        outguard --version'
    local steps=${removal/REMOVE/dpkg -r $package}
    steps=${steps/INSTALL/dpkg -i \/package.deb}
    steps=${steps/UNDO/OUTGUARD_UNDO_ON_REMOVAL=yes dpkg -r $package}
    step removal offline "$system" sh -c "$steps"
    if [ "$package" = outguard ]; then
        step service "$root/packaging/dist/booted" "$system" sh /try-service deb /package.deb /later.deb
        rm "$system/try-completions" "$system/try-service"
    else
        row+=" - |"
    fi
    step purge offline "$system" dpkg -P "$package"
    rm -f "$system/package.deb" "$system/later.deb"
    left "$before" "$system"
    printf '%s\n' "$row"
}

# The single file, where nothing at all was installed.
try_single() {
    local system=$1 before=$work/before.$suite
    files_of "$system" >"$before"
    cp "$single" "$system/root/outguard.run"
    row="| $suite | .run | - |"
    step run-version offline "$system" sh -ec '/root/outguard.run --version; sh /root/outguard.run --version
        test -z "$(ls -d /dev/shm/outguard-run.* /run/outguard-run.* /var/tmp/outguard-run.* 2>/dev/null)"'
    step run-once offline "$system" /root/outguard.run once -i lo --for 1s
    frame run-frame first_frame "$system" /root/outguard.run
    row+=" - | - | - |"
    # Status and arguments are handed on; killed with its parent, it leaves nothing either.
    step run-status offline "$system" sh -ec 'status=0; /root/outguard.run undo no-such-id --yes || status=$?; test $status = 4
        status=0; /root/outguard.run "block" "--port" "two words" || status=$?; test $status = 2
        /root/outguard.run watch -i lo --json /dev/null & killed=$!
        for try in 1 2 3 4 5 6 7 8 9; do sleep 1; ls -d /dev/shm/outguard-run.*/bin && break; done
        sleep 2; kill -9 $killed; for try in 1 2 3 4 5 6 7 8 9; do sleep 1; ls -d /dev/shm/outguard-run.* || break; done
        test -z "$(ls -d /dev/shm/outguard-run.* /run/outguard-run.* /var/tmp/outguard-run.*)"'
    row+=" - | - |"
    rm "$system/root/outguard.run"
    left "$before" "$system"
    printf '%s\n' "$row"
}

try_suite() {
    local suite=$1 system=$work/$1 bad='' row='' jre
    copy_of "$suite" "$system"
    try_single "$system"
    with_network "$system" sh -c 'apt-get -q -o Acquire::Check-Valid-Until=false update && apt-get -q -y install --no-install-recommends \
        nftables iproute2 util-linux procps systemd bash-completion zsh fish
        apt-get -q clean' >"$log/$suite.depends" 2>&1 || die "$suite: $(tail -n 3 "$log/$suite.depends")"
    try_deb outguard "$deb" "$system" "outguard.deb"
    # Each Java from 17 on that the suite has, one at a time.
    for jre in 17 21 25; do
        with_network "$system" sh -c 'apt-cache policy "$1" | grep -q "Candidate: [0-9]"' sh "openjdk-$jre-jre-headless" || continue
        with_network "$system" sh -c 'apt-get -q -y install --no-install-recommends "$1" && apt-get -q clean' sh \
            "openjdk-$jre-jre-headless" >"$log/$suite.jre$jre" 2>&1 || die "$suite: $(tail -n 3 "$log/$suite.jre$jre")"
        try_deb outguard-system-jre "$system_jre" "$system" "system-jre.deb, JRE $jre"
        with_network "$system" sh -c 'apt-get -q -y purge "openjdk-*-jre-headless" && apt-get -q -y autoremove --purge' \
            >>"$log/$suite.jre$jre" 2>&1 || die "$suite: $(tail -n 3 "$log/$suite.jre$jre")"
    done
    rm -rf --one-file-system "$system"
    [ -z "$bad" ]
}

# Over this machine, whose own files stay as they are.
try_here() {
    local suite=here system=$work/here bad='' row='' over=$work/disk/upper
    mkdir "$work/disk" "$system"
    mount -t tmpfs tmpfs "$work/disk"
    mkdir "$over" "$work/disk/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$over,workdir=$work/disk/work" "$system"
    # Which forbids to restart services, in containers mostly.
    rm -f "$system/usr/sbin/policy-rc.d"
    try_deb outguard "$deb" "$system" "outguard.deb"
    umount "$system" "$work/disk"
    [ -z "$bad" ]
}

# Into a root without any package of rpm: the shell and its programs that scripts call are those of a bare Debian.
try_rpm() {
    local suite=rpm system=$work/rpm bad='' row='' before=$work/before.rpm empty=$work/empty
    mkdir "$empty"
    row='| empty root | .rpm |'
    # Behind it stand the folders of the distribution's package "filesystem", and the list of packages.
    step install-empty sh -ec "rpm --root '$empty' --initdb; rpm --root '$empty' -i --nodeps --noscripts '$rpm'; rpm --root '$empty' -V --nodeps outguard
        rpm --root '$empty' -e --noscripts outguard; cd '$empty'
        left=\$(find . -mindepth 1 ! -path './var/lib*' ! -path './root*' | grep -vxE './(etc|var|usr|usr/(bin|lib|share|share/doc|share/man|share/man/man[58]))' || true)
        echo left: \$left; test -z \"\$left\""
    printf '%s - | - | - | - | - | - | - | - | - | %s |\n' "$row" "$([ -n "$bad" ] && echo "see the log" || echo nothing)"
    copy_of bookworm "$system"
    with_network "$system" sh -c 'apt-get -q -o Acquire::Check-Valid-Until=false update && apt-get -q -y install --no-install-recommends \
        nftables iproute2 util-linux procps systemd bash-completion zsh fish rpm
        apt-get -q clean' >"$log/rpm.depends" 2>&1 || die "rpm: $(tail -n 3 "$log/rpm.depends")"
    rpm --root "$system" --initdb
    files_of "$system" >"$before"
    local install="rpm --root $system -i --nodeps $rpm"
    row='| bookworm | .rpm |'
    step install offline "$system" host: sh -c "$install"
    step version offline "$system" outguard --version
    step once offline "$system" outguard once -i lo --for 1s
    frame frame first_frame "$system" /usr/bin/outguard
    step demo demo "$system" outguard
    cp "$root/packaging/dist/try-completions" "$root/packaging/dist/try-service" "$system/"
    cp "$rpm" "$system/package.rpm"
    step completions offline "$system" sh /try-completions
    step upgrade offline "$system" host: sh -ec "echo '# mine' >>'$system/etc/outguard/outguard.toml'
        rpm --root '$system' -U --nodeps --replacepkgs '$rpm'
        tail -n 1 '$system/etc/outguard/outguard.toml' | grep -q mine"
    local steps=${removal//outguard block/chroot $system outguard block} remove="rpm --root $system -e --nodeps outguard"
    steps=${steps/REMOVE/$remove}
    steps=${steps/INSTALL/$install}
    steps=${steps/UNDO/OUTGUARD_UNDO_ON_REMOVAL=yes $remove}
    steps=${steps//\/var\/lib\/outguard/$system/var/lib/outguard}
    steps=${steps/test ! -e \/usr/test ! -e $system/usr}
    step removal offline "$system" host: sh -c "$steps"
    step service "$root/packaging/dist/booted" "$system" sh /try-service rpm /package.rpm /package.rpm
    rm "$system/try-completions" "$system/try-service" "$system/package.rpm"
    # rpm knows no purge: by hand, as the removal says.
    rm -rf "$system/var/lib/outguard" "$system/var/log/outguard" "$system/etc/outguard"
    row+=' - |'
    left "$before" "$system"
    printf '%s\n' "$row"
    rm -rf --one-file-system "$system"
    [ -z "$bad" ]
}
