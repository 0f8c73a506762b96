# shellcheck shell=bash disable=SC2154 # sourced by packaging/dist/classes.sh, within the namespaces
# shellcheck disable=SC2086 # lists of options
installed=/usr/lib/outguard

java_at_home() {
    local jar path=$installed/outguard.jar
    for jar in "$installed"/lib/*.jar; do
        path+=:$jar
    done
    echo "LC_ALL=C.UTF-8 $installed/runtime/bin/java $vm $version_flags $* -Xlog:disable -Xlog:all=error:stderr \
        -Djava.awt.headless=true -Doutguard.native=$installed/native -Djna.boot.library.path=$installed/native \
        -Djna.library.path=$installed/native -Djna.nounpack=true -Dlibrary.jline.path=$installed/native -cp $path"
}

# The screen with its views and dialogs, on a terminal that script(1) makes.
try_screen() {
    (
        sleep 6
        for key in 2 3 4 5 1 '?' '?' b n L n : ; do
            printf %s "$key"
            sleep 0.3
        done
        sleep 2
        printf '\004'
        sleep 1
        printf q
        sleep 2
    ) | TERM=xterm-256color timeout 60 script -qec "$(java_at_home -Xshare:off -XX:DumpLoadedClassList="$work/trial/screen.$1" \
        "-Doutguard.journal=$work/trial/journal.$1/journal.ndjson") org.outguard.app.Main -i lo" /dev/null >"$work/trial/log.$1" 2>&1
}

try_words() {
    local number=0 words
    for words in --version '--help' 'once -i lo --for 1s' 'watch -i lo --for 2s' 'journal' 'queue' 'block --help'; do
        number=$((number + 1))
        eval "env $(java_at_home -Xshare:off -XX:DumpLoadedClassList="$work/trial/words.$1.$number" \
            "-Doutguard.journal=$work/trial/journal.$1/journal.ndjson") org.outguard.app.Main $words" >>"$work/trial/log.$1" 2>&1 || true
    done
}

try_program() {
    local run
    mkdir -p "$work/trial"
    for run in $(seq "$trials"); do
        # Each for itself: of several at once one alone would act.
        unshare --mount bash -c 'mount -t tmpfs tmpfs /run; '"$(declare -f java_at_home try_screen try_words)"'; installed='"$installed"'
            try_screen "$1"; try_words "$1"' bash "$run" &
    done
    wait
    for run in $(seq "$trials"); do
        [ -s "$work/trial/screen.$run" ] || return 1
        cat "$work/trial/screen.$run" "$work/trial"/words."$run".* >"$work/trial/list.$run"
    done
}

dump_classes() {
    eval "env LD_PRELOAD='$work/steady_clock.so' $(java_at_home -Xshare:dump -XX:SharedClassListFile="$1" \
        "${classes_flag//\$home/$installed}")" >"$work/dump.log" 2>&1 || { tail -n 20 "$work/dump.log" >&2 && return 1; }
}
