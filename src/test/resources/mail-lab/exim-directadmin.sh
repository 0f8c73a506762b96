# Sourced by start.sh, or by exim-cpanel.sh with its own settings: Exim as DirectAdmin sets it up, by its public documents:
# /etc/exim.conf, /var/log/exim/mainlog, user mail, /etc/virtual/domainowners, and lists of accounts that may not send.
if ! declare -F panel_exim >/dev/null; then
    mount -t tmpfs tmpfs /usr/local
    add_user mail 8
    add_user florist 2060
    mkdir -p /usr/local/directadmin/conf /etc/virtual /etc/exim4 /var/spool/exim /var/log/exim
    echo servername=mail.example.org >/usr/local/directadmin/conf/directadmin.conf
    printf 'florist.example: florist\nexample.org: notary\n' >/etc/virtual/domainowners
    printf 'other' >/etc/virtual/blacklist_script_usernames
    : >/etc/virtual/blacklist_smtp_usernames
    chown mail:mail /var/log/exim
    ln -sf /etc/exim.conf /etc/exim4/exim4.conf
    panel_exim() {
        cat <<'CF'
exim_user = mail
exim_group = mail
log_file_path = /var/log/exim/%slog
acl_not_smtp = acl_not_smtp
CF
    }
    suspended() {
        case $1 in
        *ident) echo "\${lookup{$1}lsearch{/etc/virtual/blacklist_script_usernames}{yes}{no}}" ;;
        *) echo "\${lookup{$1}lsearch{/etc/virtual/blacklist_smtp_usernames}{yes}{no}}" ;;
        esac
    }
    owner=mail
fi
. "$here/lab-exim.sh"
write_exim /tmp/panel-exim /var/spool/exim /var/log/exim 127.0.0.1 2525
{
    panel_exim
    echo 'smtp_accept_queue_per_connection = 0'
    sed -e '/^log_file_path/d' /tmp/panel-exim |
        sed -e "/^acl_check_data:/a\\  deny condition = $(suspended '$authenticated_id')" \
            -e "/^begin acl/a acl_not_smtp:\\n  deny condition = $(suspended '$sender_ident')\\n  accept"
    cat <<'CF'

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if eq{$auth3}{secret}}
  server_set_id = $auth2
CF
} >/etc/exim.conf
rm /tmp/panel-exim
chown -R "$owner:$owner" /var/spool/exim
/usr/sbin/exim4 -bd -q1m &
until (: </dev/tcp/127.0.0.1/25) 2>/dev/null; do
    sleep 0.1
done
