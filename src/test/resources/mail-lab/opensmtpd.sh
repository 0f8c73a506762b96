# Sourced by start.sh: an OpenSMTPD that relays everything to the sink of world.py.
add_user opensmtpd 2917
add_user opensmtpq 2918
mkdir -p /var/lib/opensmtpd/empty /run/opensmtpd /var/spool/smtpd
chmod 711 /var/spool/smtpd
cat >/etc/smtpd.conf <<'CF'
listen on lo port 25
action "out" relay host smtp://127.0.0.1:2525
match from any for any action "out"
match from local for any action "out"
CF
/usr/sbin/smtpd -F &
until (: </dev/tcp/127.0.0.1/25) 2>/dev/null; do
    sleep 0.1
done
