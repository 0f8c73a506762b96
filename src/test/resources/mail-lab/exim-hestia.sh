# Sourced by start.sh: Exim as HestiaCP sets it up on Debian, with the files of its database and the commands that suspend a
# mailbox; what these tell Exim here is one list rather than a file for each domain.
mount -t tmpfs tmpfs /usr/local
mkdir -p /usr/local/hestia/{bin,conf,data/users/notary/mail}
echo "VERSION='1.8.12'" >/usr/local/hestia/conf/hestia.conf
echo "DOMAIN='example.org' ANTIVIRUS='no' SUSPENDED='no'" >/usr/local/hestia/data/users/notary/mail.conf
box=/usr/local/hestia/data/users/notary/mail/example.org.conf
printf "ACCOUNT='alice' ALIAS='' SUSPENDED='no'\nACCOUNT='bob' ALIAS='' SUSPENDED='no'\n" >$box
mkdir -p /etc/exim4
: >/etc/exim4/suspended
for way in suspend unsuspend; do
    cat >/usr/local/hestia/bin/v-$way-mail-account <<CF
#!/bin/bash
box=/usr/local/hestia/data/users/\$1/mail/\$2.conf
[ $way = suspend ] && value=yes || value=no
sed -i "/^ACCOUNT='\$3'/s/SUSPENDED='[a-z]*'/SUSPENDED='\$value'/" "\$box"
[ $way = unsuspend ] || echo "\$3@\$2" >>/etc/exim4/suspended
[ $way = suspend ] || sed -i "/^\$3@\$2\$/d" /etc/exim4/suspended
CF
    chmod 755 /usr/local/hestia/bin/v-$way-mail-account
done
configure() {
    sed -i '/^acl_check_data:/a\  deny condition = ${lookup{$authenticated_id}lsearch{/etc/exim4/suspended}{yes}{no}}' /etc/exim4/exim4.conf
}
. "$here/exim.sh"
