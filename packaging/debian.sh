# shellcheck shell=bash disable=SC2034 # sourced
# Where this machine has Debian's packages from; its own apt knows. Sourced behind lib.sh.

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# What is made once and takes long: old systems to build in, kernels. Not in target: that goes away.
build_cache=${OUTGUARD_CACHE:-/var/cache/outguard-build}

# Prints the address of the mirror whose releases have this label: Debian or Debian-Security.
mirror_of() {
    local label=$1 all
    all=$(mirror_lines "$label")
    if [ -z "$all" ]; then
        quietly apt-get -q update || true
        all=$(mirror_lines "$label")
    fi
    [ -n "$all" ] || die "apt has no mirror with the label $label"
    printf '%s\n' "${all%%$'\n'*}"
}

mirror_lines() {
    # shellcheck disable=SC2016 # apt's variables
    apt-get indextargets --format '$(LABEL)|$(REPO_URI)' | sed -n "s,/*$,,; s,^$1|,,p"
}

# An apt with lists of its own, which knows nothing of what is installed here: apt_beside FOLDER ARCH LINE...
# A line is like "deb bullseye main"; suites of security updates come from their own mirror. To be used as
# APT_CONFIG=FOLDER/apt.conf apt-get ...
apt_beside() {
    local folder=$1 arch=$2 line kind suite rest label
    shift 2
    mkdir -p "$folder"/lists/partial "$folder"/archives/partial
    for line in "$@"; do
        read -r kind suite rest <<<"$line"
        label=Debian
        [[ $suite != *-security ]] || label=Debian-Security
        printf '%s [signed-by=%s] %s %s %s\n' "$kind" "$debian_keyring" "$(mirror_of "$label")" "$suite" "$rest"
    done >"$folder/sources.list"
    cat >"$folder/apt.conf" <<EOF
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$folder/lists";
Dir::State::status "/dev/null";
Dir::Cache "$folder";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
EOF
    APT_CONFIG=$folder/apt.conf quietly apt-get -q update || die "no package lists for: $*"
}
