# Sourced by start.sh: a Postfix that relays everything to the sink of world.py.
mkdir -p /var/lib/postfix
chown postfix /var/lib/postfix /var/spool/postfix/private
cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
cat >>/etc/postfix/master.cf <<'CF'
587       inet  n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_sasl_auth_enable=yes
CF
# Nothing is to run in a jail that was not furnished.
sed -i -E 's/^((smtp|pickup|cleanup|qmgr|tlsmgr|rewrite|bounce|defer|trace|verify|flush|proxymap|smtp|relay|showq|error|retry|discard|lmtp|anvil|scache|587)[[:space:]]+(inet|unix|unix-dgram)[[:space:]]+[ny-][[:space:]]+[ny-][[:space:]]+)y/\1n/' /etc/postfix/master.cf
cat >/etc/postfix/main.cf <<'CF'
compatibility_level = 3.6
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
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
relayhost = [127.0.0.1]:2525
maillog_file = /var/log/mail.log
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
in_flow_delay = 0
default_destination_concurrency_limit = 5
authorized_submit_users = !games, static:all
CF
if [ -n "$far" ]; then
    sed -i -E 's/^relayhost = .*/relayhost = [192.0.2.25]:25/; s/(concurrency_limit) = 5/\1 = 20/' /etc/postfix/main.cf
    echo 'initial_destination_concurrency = 20' >>/etc/postfix/main.cf
    # Mail is taken at the cable's address too, from this machine.
    sed -i -E 's/^inet_interfaces = .*/inet_interfaces = 127.0.0.1, [::1], 192.0.2.1/; s/^(mynetworks = .*)/\1 192.0.2.1\/32/' /etc/postfix/main.cf
fi
! declare -F configure >/dev/null || configure
postfix start
