#!/bin/bash
# Runs a mail system in namespaces of its own: start.sh postfix|dovecot|exim TREE WORK [far]. It ends when its input does. With
# "far" the world is at the other end of a cable, 192.0.2.25 port 25, and takes its time over each message.
# unshare(1) has made namespaces for mounts, network, processes and the host name; nothing here is seen outside of them but WORK.
set -eu
system=$1 tree=$2 work=$3 far=${4:-} here=$(dirname "$(readlink -f "$0")")

mkdir -p "$work"/{etc,var,work-etc,work-var}
mount -t overlay overlay -o "lowerdir=$tree/usr:/usr" /usr
mount -t overlay overlay -o "lowerdir=$tree/etc:/etc,upperdir=$work/etc,workdir=$work/work-etc" /etc
mount -t overlay overlay -o "lowerdir=/var,upperdir=$work/var,workdir=$work/work-var" /var
# Process numbers in there are others.
mount -t tmpfs tmpfs /run
ip link set lo up
hostname mail.example.org

add_user() {
    grep -q "^$1:" /etc/group || echo "$1:x:$2:" >>/etc/group
    grep -q "^$1:" /etc/passwd || echo "$1:x:$2:$2::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
}
add_user postfix 2912
add_user postdrop 2913
add_user Debian-exim 2914
add_user site 2055

[ "$system" = exim ] || mkdir -p /var/spool/postfix/private
/usr/bin/python3 "$here/world.py" "$work" &
if [ -n "$far" ]; then
    unshare -n sleep infinity &
    elsewhere=$!
    until [ "$(readlink "/proc/$elsewhere/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
    ip link add out type veth peer name far netns "$elsewhere"
    ip addr add 192.0.2.1/24 dev out
    ip link set out up
    nsenter -t "$elsewhere" -n ip addr add 192.0.2.25/24 dev far
    nsenter -t "$elsewhere" -n ip link set far up
    nsenter -t "$elsewhere" -n /usr/bin/python3 "$here/far.py" "$work" &
fi
. "$here/$system.sh"
echo ready
# Whoever started this closes the pipe, or dies: either way all ends here.
cat >/dev/null
