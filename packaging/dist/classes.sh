# shellcheck shell=bash disable=SC2154 # sourced by packaging/package, which sets the variables
# The archive of classes (AppCDS; from JDK 24 on linked ahead of time), about three quarters of the start.

# Trial runs whose lists are voted on: which constants are resolved depends a little on timing.
trials=5
# How many bytes of each kind a list is kept for: program, libraries, runtime, and what the trial does.
kept=$build_cache/classes

make_classes() {
    local list=$1 key
    # Without the version, which each commit has another of.
    key=$(cat "$root/target/outguard.jar" "$home"/lib/*.jar "$home/runtime/release" "$root/packaging/dist/classes.sh" | sha256sum)
    key=${key%% *}
    if [ -n "$classes_given" ]; then
        cp "$classes_given" "$list"
    elif [ -e "$kept/$key" ]; then
        cp "$kept/$key" "$list"
    else
        say "trial runs, for the archive of classes"
        at_home try_program || die "no trial run came to its end: $(tail -n 3 "$work/trial/log.1" 2>/dev/null)"
        "$root/packaging/dist/vote" "$work"/trial/list.* >"$list"
        grep -q '^org/outguard/tui/' "$list" || die "the trial runs did not draw the screen"
        mkdir -p "$kept"
        find "$kept" -type f -mtime +30 -delete
        cp "$list" "$kept/$key"
    fi
    quietly cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$work/steady_clock.so" "$root/packaging/dist/steady_clock.c" -ldl
    at_home dump_classes "$list" || die "no archive of classes"
    [ -s "$home/classes.jsa" ] || die "no archive of classes"
}

# Runs a function of this file where the tree is at its place, /usr/lib/outguard, and nothing of the machine is in its way.
at_home() {
    local made=''
    if [ ! -d /usr/lib/outguard ]; then
        mkdir /usr/lib/outguard
        made=1
    fi
    local status=0
    env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS work="$work" home="$home" vm="${vm[*]}" trials="$trials" \
        version_flags="$(version_flags "$(java_number "$work/runtime")")" classes_flag="$(classes_flag "$(java_number "$work/runtime")")" \
        unshare --mount --net --propagation private bash -c "set -euo pipefail
            . '$root/packaging/dist/classes-inside.sh'"'
            mount --bind "$home" /usr/lib/outguard
            mount -t tmpfs tmpfs /run
            ip link set lo up
            "$@"' bash "$@" </dev/null || status=$?
    [ -z "$made" ] || rmdir /usr/lib/outguard
    return "$status"
}
