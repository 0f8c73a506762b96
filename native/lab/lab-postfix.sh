# Sourced, for the demonstration and for the lab of the tests: write_postfix ETC SPOOL DATA LOG RELAY writes the configuration
# of a Postfix that takes mail on this machine alone, has no mailboxes, and hands everything to one relay.
write_postfix() {
    for table in /usr/share/postfix/master.cf.dist /etc/postfix/master.cf.proto; do
        [ ! -e "$table" ] || cp "$table" "$1/master.cf"
    done
    # Nothing is to run in a jail that was not furnished.
    sed -i -E 's/^(([a-z]+|[0-9]+)[[:space:]]+(inet|unix|unix-dgram)[[:space:]]+[ny-][[:space:]]+[ny-][[:space:]]+)y/\1n/' "$1/master.cf"
    mkdir -p "$3"
    chown postfix "$3"
    cat >"$1/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $2
data_directory = $3
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
myorigin = mail.example.org
mydestination =
mynetworks = 127.0.0.0/8 [::1]/128
inet_protocols = all
inet_interfaces = loopback-only
alias_maps =
local_recipient_maps =
relayhost = $5
maillog_file = $4
in_flow_delay = 0
CF
}
