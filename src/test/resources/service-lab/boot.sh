#!/bin/bash
# boot.sh PROJECT WORK: becomes systemd, the first process of namespaces of its own. What it and its services write goes to
# a tmpfs, and no unit of this machine is started.
set -eu
project=$1 work=$2
unset JAVA_HOME
root=$project
. "$project/packaging/lib.sh"
find_jdk

mount --make-rprivate /
mount -t tmpfs tmpfs "$work"
mkdir -p "$work"/{upper,work,root,project,project-work}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root"
root=$work/root
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
# Not for anybody to write to: there root may not open what others own (fs.protected_regular in proc(5)).
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root"/dev/{pts,shm}
# systemd copies it into the private /dev of a service.
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
ip link set lo up
ip link add uplink type veth peer name beyond
ip link set beyond up
ip link set uplink up
ip addr add 192.0.2.2/24 dev uplink

units=$root/etc/systemd/system
rm -rf "$units" "$root"/usr/lib/outguard "$root"/var/lib/outguard "$root"/var/log/outguard
mkdir -p "$units" "$root/opt/outguard"
for unit in /lib/systemd/system/sysinit.target.wants/*; do
    [ "${unit##*/}" = systemd-journald.service ] || ln -s /dev/null "$units/${unit##*/}"
done
cp "$project"/packaging/outguard{,-watcher,-actor}.service "$project/packaging/outguard-actor.socket" "$units/"
systemd-sysusers --root="$root" - <"$project/packaging/dist/sysusers.conf"
systemd-tmpfiles --root="$root" --create - <"$project/packaging/dist/tmpfiles.conf"
mkdir -p "$root/etc/outguard"
printf '[[rule]]\nkind = "UDP_FLOOD"\ndo = "block"\nfor = "1m"\n' >"$root/etc/outguard/outguard.toml"
# What the package has at these places.
printf '#!/bin/sh\nexec /opt/outguard/packaging/run "$@"\n' >"$root/usr/bin/outguard"
chmod 755 "$root/usr/bin/outguard"
cp "$project/packaging/man/outguard.8" "$root/usr/share/man/man8/"
mkdir -p "$root/usr/share/man/man5"
cp "$project/packaging/man/outguard.toml.5" "$root/usr/share/man/man5/"
printf '[Unit]\nRequires=systemd-journald.service\nWants=outguard.service\n' >"$units/lab.target"
# Wherever it lies, and on whichever file system.
mount -t overlay overlay -o "lowerdir=$project,upperdir=$work/project,workdir=$work/project-work" "$root/opt/outguard"
# What is built is what is tried: packaging/run is not to build again.
printf '%s' "$JAVA_HOME" >"$root/opt/outguard/target/built"
unpack_libraries "$root/opt/outguard/target"

cd "$root"
mkdir old
pivot_root . old
umount -l /old
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --unit=lab.target --show-status=false </dev/null
