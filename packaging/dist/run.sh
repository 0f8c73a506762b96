#!/bin/sh
# Outguard @VERSION@ for Linux on @ARCH@ in one file: unpacks itself into a folder that only you can read, runs, removes the folder.
#   scp outguard.run host:/dev/shm/ && ssh -t host /dev/shm/outguard.run [arguments]
# It needs sh, head, tail, tar and gzip. OUTGUARD_UNPACK=FOLDER says where to unpack; sh outguard.run where this place is mounted noexec.
# Behind the last line of this script lie a program that unpacks, packed by gzip, and the archive that it unpacks.
umask 077
needed=@KILOBYTES@
unpack=@UNPACK@
archive=@ARCHIVE@
name=outguard-run

say() {
    echo "outguard: $*" >&2
}

# Files of tmpfs take memory; with less than twice of what is needed free, the next place is asked.
fits() {
    set -- "$1" $(df -Pk "$1" 2>/dev/null | sed -n 2p)
    [ "${5:-0}" -ge $((needed + 4096)) ] 2>/dev/null || return 1
    case $2 in
    tmpfs | ramfs | shm) ;;
    *) return 0 ;;
    esac
    memory=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo 2>/dev/null)
    [ "${memory:-$((needed * 2))}" -ge $((needed * 2)) ]
}

# A folder in which programs may be run, made for us alone.
try_place() {
    [ -d "$1" ] && [ -w "$1" ] && fits "$1" || return 1
    folder=$(mktemp -d "$1/$name.XXXXXXXX" 2>/dev/null) || return 1
    if printf '#!/bin/sh\n' >"$folder/try" && chmod 700 "$folder/try" && "$folder/try" 2>/dev/null; then
        return 0
    fi
    rm -rf "$folder"
    return 1
}

# The start of a process, by which its number is told from a later one (proc_pid_stat(5), field 22).
started() {
    sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# What is left of one that was killed together with all that would have tidied up.
sweep() {
    for old in "$1/$name".*; do
        [ -d "$old" ] && [ ! -L "$old" ] && [ -O "$old" ] || continue
        read -r pid start 2>/dev/null <"$old/process" || continue
        [ "$(started "$pid")" = "$start" ] || rm -rf "$old"
    done
}

folder=
for place in ${OUTGUARD_UNPACK:+"$OUTGUARD_UNPACK"} /dev/shm /run /var/tmp; do
    sweep "$place"
    try_place "$place" && break
    folder=
done
if [ -z "$folder" ]; then
    say "no folder to unpack into: $((needed / 1024)) MB free where programs may be run, in ${OUTGUARD_UNPACK:+$OUTGUARD_UNPACK, }/dev/shm, /run or /var/tmp (OUTGUARD_UNPACK=FOLDER names another)"
    exit 1
fi
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
echo "$$ $(started $$)" >"$folder/process"
# tar(1) may take an archive that ends too early for a whole one, so what comes before it in the pipe says by a file that all was there.
if ! tail -c $((unpack + archive)) "$0" | head -c "$unpack" | gzip -dc >"$folder/unpack" 2>/dev/null || ! chmod 700 "$folder/unpack" ||
    ! tail -c "$archive" "$0" | { "$folder/unpack" 2>/dev/null && : >"$folder/whole"; } | tar -xf - -C "$folder" || [ ! -e "$folder/whole" ]; then
    say "this file is damaged, or was not copied to its end"
    exit 1
fi
rm -f "$folder/unpack" "$folder/whole"
# From here on the program's parent removes the folder, whatever the program ends by.
trap - EXIT HUP INT TERM
OUTGUARD_UNPACKED=$folder exec "$folder/bin/outguard" "$@"
rm -rf "$folder"
exit 126
