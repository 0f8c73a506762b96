#!/bin/bash
# start.sh PROJECT WORK: a machine that systemd runs, without network yet, with the unit of PROJECT. It ends when its input
# does. WORK is a folder that becomes its disk.
set -eu
here=$(dirname "$(readlink -f "$0")")
group=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)/outguard-service-$$
mkdir "$group"
# The namespace for control groups begins at the group that its first process is in. All ends with this script, killed or not.
bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$group" \
    setpriv --pdeathsig KILL unshare -C -m -p -f -u -i -n --kill-child bash "$here/boot.sh" "$1" "$2" </dev/null &
lab=$!
cat >/dev/null
kill -KILL "$lab"
wait "$lab" || true
for _ in {1..50}; do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -d "$group" ] || exit 0
    sleep 0.1
done
