#!/bin/bash
# Runs a mail system in namespaces of its own: start.sh postfix|dovecot|exim TREE WORK [far]. It ends when its input does. With
# "far" the world is at the other end of a cable, 192.0.2.25 port 25, and takes its time over each message.
# unshare(1) has made namespaces for mounts, network, processes and the host name; nothing here is seen outside of them but WORK.
set -eu
system=$1 tree=$2 work=$3 far=${4:-} here=$(dirname "$(readlink -f "$0")")

mkdir -p "$work"/{etc,var,hidden,work-etc,work-var}
# What this machine has of mail systems, installed or left over, is not there: programs are hidden by a layer between, and folders by
# new ones that nothing shows through (overlayfs of the kernel's documentation: "whiteouts and opaque directories").
mkdir -p "$work"/hidden/{sbin,bin,lib}
for name in sbin/{postfix,postconf,postqueue,postsuper,postcat,postdrop,postmulti,postlog,sendmail,exim,exim4,dovecot} \
    bin/{mailq,newaliases,doveadm,doveconf} lib/{postfix,exim4,dovecot,sendmail}; do
    mknod "$work/hidden/$name" c 0 0
done
for name in var/{spool,lib}/{postfix,exim4} var/log/exim4 var/lib/dovecot etc/{postfix,exim4,dovecot}; do
    mkdir -p "$work/$name"
    python3 -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.overlay.opaque", b"y")' "$work/$name"
    [ ! -d "$tree/$name" ] || cp -a "$tree/$name/." "$work/$name/"
done
mount -t overlay overlay -o "lowerdir=$tree/usr:$work/hidden:/usr" /usr
mount -t overlay overlay -o "lowerdir=$tree/etc:/etc,upperdir=$work/etc,workdir=$work/work-etc" /etc
mount -t overlay overlay -o "lowerdir=/var,upperdir=$work/var,workdir=$work/work-var" /var
# Process numbers in there are others.
mount -t tmpfs tmpfs /run
ip link set lo up
hostname mail.example.org

# With these numbers, also where this machine has such a user: files of the mail systems are theirs.
add_user() {
    sed -i "/^$1:/d" /etc/group /etc/passwd
    echo "$1:x:$2:" >>/etc/group
    echo "$1:x:$2:$2::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
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
# A first message that finds nobody there would be put off, and all behind it.
answers() { until (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; do sleep 0.05; done; }
answers 127.0.0.1 2525
[ -z "$far" ] || answers 192.0.2.25 25
echo ready
# Whoever started this closes the pipe, or dies: either way all ends here.
cat >/dev/null
