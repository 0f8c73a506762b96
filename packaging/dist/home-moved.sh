self=$0
[ ! -L "$self" ] || self=$(readlink -f "$self")
case $self in */*) bin=${self%/*} ;; *) bin=. ;; esac
home=$(cd "$bin/../lib/outguard" && pwd) || exit 1
