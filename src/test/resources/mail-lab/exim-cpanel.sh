# Sourced by start.sh: Exim as cPanel sets it up, by its public documents: /etc/exim.conf, /var/log/exim_mainlog, user mailnull,
# accounts in /etc/trueuserdomains, and programs of its API in place of its own, which change the list that exim.conf asks.
mount -t tmpfs tmpfs /usr/local
add_user mailnull 47
add_user florist 2060
mkdir -p /usr/local/cpanel/bin /etc/exim4 /var/spool/exim
echo 11.126.0.4 >/usr/local/cpanel/version
printf 'florist.example: florist\nexample.org: notary\n' >/etc/trueuserdomains
printf '*: nobody\nflowers.example: florist\nflorist.example: florist\nexample.org: notary\n' >/etc/userdomains
echo other >/etc/outgoing_mail_suspended_users
cat >/usr/local/cpanel/bin/whmapi1 <<'CF'
#!/bin/bash
# suspend_outgoing_email user=NAME, and back; uapi is called with the account, the module, and email=ADDRESS.
list=/etc/outgoing_mail_suspended_users
user=${*: -1}
user=${user#*=}
case " $* " in
*" unsuspend_outgoing"*) sed -i "/^$user\$/d" "$list" ;;
*" suspend_outgoing"*) echo "$user" >>"$list" ;;
*) printf 'metadata:\n  reason: no such function\n  result: 0\n' && exit 0 ;;
esac
printf 'metadata:\n  reason: OK\n  result: 1\n'
CF
cp /usr/local/cpanel/bin/whmapi1 /usr/local/cpanel/bin/uapi
chmod 755 /usr/local/cpanel/bin/*
: >/var/log/exim_mainlog
: >/var/log/exim_rejectlog
chown mailnull:mailnull /var/log/exim_mainlog /var/log/exim_rejectlog
ln -sf /etc/exim.conf /etc/exim4/exim4.conf
panel_exim() {
    cat <<'CF'
exim_user = mailnull
exim_group = mailnull
log_file_path = /var/log/exim_%slog
acl_not_smtp = acl_not_smtp
CF
}
suspended() { echo "\${lookup{$1}lsearch{/etc/outgoing_mail_suspended_users}{yes}{no}}"; }
owner=mailnull
. "$here/exim-directadmin.sh"
