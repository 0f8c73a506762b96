# Sourced by start.sh: a Postfix that relays everything to the sink of world.py, or of far.py.
chown postfix /var/spool/postfix/private
. "$here/lab-postfix.sh"
relay=[127.0.0.1]:2525 at_once=5
[ -z "$far" ] || relay=[192.0.2.25]:25 at_once=20
write_postfix /etc/postfix /var/spool/postfix /var/lib/postfix /var/log/mail.log "$relay"
cat >>/etc/postfix/master.cf <<'CF'
587       inet  n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_sasl_auth_enable=yes
CF
cat >>/etc/postfix/main.cf <<CF
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
initial_destination_concurrency = $at_once
default_destination_concurrency_limit = $at_once
authorized_submit_users = !games, static:all
CF
if [ -n "$far" ]; then
    # Mail is taken at the cable's address too, from this machine.
    sed -i -E 's/^inet_interfaces = .*/inet_interfaces = 127.0.0.1, [::1], 192.0.2.1/; s/^(mynetworks = .*)/\1 192.0.2.1\/32/' /etc/postfix/main.cf
fi
! declare -F configure >/dev/null || configure
postfix start
