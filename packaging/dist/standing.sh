# shellcheck shell=sh # sourced by what removes the package, before it is gone
# What Outguard did and what still stands, by its journal.

# Writes it to the file $1, with the commands that undo it; fails where nothing stands. The program's exit status 3 says that
# something does.
write_standing() {
    [ -e /var/lib/outguard/journal.ndjson ] || return 1
    standing_status=0
    (umask 077 && /usr/bin/outguard journal --standing >"$1.new" 2>/dev/null </dev/null) || standing_status=$?
    if [ "$standing_status" = 3 ]; then
        mv "$1.new" "$1"
    else
        rm -f "$1.new" "$1"
        return 1
    fi
}

say_standing() {
    echo "outguard: this still stands and stays when Outguard is removed:" >&2
    sed 's/^/    /' "$1" >&2
    echo "outguard: 'outguard undo --all' undoes it; without the program the commands after 'undo:' do (kept in $1)" >&2
}

undo_standing() {
    /usr/bin/outguard undo --all --yes >&2 </dev/null
}
