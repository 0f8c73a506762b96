# Sourced by start.sh: the Postfix of postfix.sh beside a real Dovecot, which keeps its users, delivers to their mailboxes
# by LMTP, where a Sieve script may forward, and has a submission service of its own on port 2587. Postfix logs by syslog(3),
# which syslog.py writes down, Dovecot to a file of its own.
mkdir -p /var/lib/dovecot /var/vmail/scripts
add_user dovecot 2915
add_user dovenull 2916
add_user vmail 2917

# A /dev of its own, that may hold a socket.
mkdir -p "$work"/{dev,work-dev} /var/shm
mount --bind /dev/shm /var/shm
mount -t overlay overlay -o "lowerdir=/dev,upperdir=$work/dev,workdir=$work/work-dev" /dev
mount --move /var/shm /dev/shm
/usr/bin/python3 "$here/syslog.py" /var/log/mail.log &
until [ -S /dev/log ]; do sleep 0.05; done

mkdir -p /etc/dovecot
cat >/etc/dovecot/users <<'CF'
alice@example.org:{PLAIN}secret::::::
bob@example.org:{PLAIN}secret::::::
full@example.org:{PLAIN}secret::::::userdb_quota_rule=*:storage=1B
CF
cat >/etc/dovecot/dovecot.conf <<'CF'
base_dir = /var/lib/dovecot/run
state_dir = /var/lib/dovecot
log_path = /var/log/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S "
auth_verbose = yes
protocols = lmtp submission
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:/var/vmail/%u
mail_plugins = $mail_plugins quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=1G
  sieve = file:/var/vmail/scripts;active=/var/vmail/%u.sieve
}
protocol lmtp {
  mail_plugins = $mail_plugins sieve
}
first_valid_uid = 1000
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
userdb {
  driver = passwd-file
  args = /etc/dovecot/users
  default_fields = uid=vmail gid=vmail home=/var/vmail/%u
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener /var/spool/postfix/private/dovecot-auth {
    mode = 0666
  }
}
service submission-login {
  inet_listener submission {
    port = 2587
  }
}
submission_relay_host = 127.0.0.1
submission_relay_port = 25
submission_relay_trusted = yes
hostname = mail.example.org
postmaster_address = postmaster@example.org
CF
echo 'if header :contains "subject" "sendmail" { redirect "far@elsewhere.example"; }' >/var/vmail/alice@example.org.sieve
chown -R vmail /var/vmail
/usr/sbin/dovecot
configure() {
    postconf -X maillog_file
    postconf -e smtpd_sasl_path=private/dovecot-auth virtual_mailbox_domains=example.org \
        virtual_transport=lmtp:unix:private/dovecot-lmtp
}
. "$here/postfix.sh"
