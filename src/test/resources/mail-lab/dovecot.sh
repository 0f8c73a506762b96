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
# The first line of a configuration file is the version that it is for, since 2.4, where other settings have other names.
version=$(dovecot --version)
if [[ $version =~ ^2\.[0-3][.] ]]; then
    cat >/etc/dovecot/dovecot.conf <<'CF'
disable_plaintext_auth = no
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
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
userdb {
  driver = passwd-file
  args = /etc/dovecot/users
  default_fields = uid=vmail gid=vmail home=/var/vmail/%u
}
CF
else
    cat >/etc/dovecot/dovecot.conf <<'CF'
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = /var/vmail/%{user}
mail_plugins {
  quota = yes
}
quota "User quota" {
  storage_size = 1G
}
sieve_script personal {
  driver = file
  path = /var/vmail/scripts
  active_path = /var/vmail/%{user}.sieve
}
protocol lmtp {
  mail_plugins {
    sieve = yes
  }
}
passdb passwd-file {
  passwd_file_path = /etc/dovecot/users
}
userdb passwd-file {
  passwd_file_path = /etc/dovecot/users
  fields {
    uid:default = vmail
    gid:default = vmail
    home:default = /var/vmail/%{user}
  }
}
CF
    sed -i 's/userdb_quota_rule=\*:storage=1B/userdb_quota_storage_size=1B/' /etc/dovecot/users
fi
cat >>/etc/dovecot/dovecot.conf <<'CF'
base_dir = /var/lib/dovecot/run
state_dir = /var/lib/dovecot
log_path = /var/log/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S "
auth_verbose = yes
protocols = lmtp submission
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1000
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
# Mail that comes before it listens would be deferred.
until python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("/var/spool/postfix/private/dovecot-lmtp")' 2>/dev/null; do
    sleep 0.1
done
configure() {
    postconf -X maillog_file
    postconf -e smtpd_sasl_path=private/dovecot-auth virtual_mailbox_domains=example.org \
        virtual_transport=lmtp:unix:private/dovecot-lmtp
}
. "$here/postfix.sh"
