# Sourced by start.sh: an Exim that relays everything to the sink of world.py, or of far.py.
mkdir -p /etc/exim4 /var/log/exim4
chown Debian-exim:Debian-exim /var/log/exim4
. "$here/lab-exim.sh"
relay=127.0.0.1 port=2525
[ -z "$far" ] || relay=192.0.2.25 port=25
write_exim /etc/exim4/exim4.conf /var/spool/exim4 /var/log/exim4 "$relay" "$port"
# What comes by a connection that lasts is delivered at once, too, rather than from the tenth message on by the next queue run.
sed -i '1i smtp_accept_queue_per_connection = 0' /etc/exim4/exim4.conf
cat >>/etc/exim4/exim4.conf <<'CF'

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if eq{$auth3}{secret}}
  server_set_id = $auth2
CF
# Mail is taken at the cable's address too, from this machine.
[ -z "$far" ] || sed -i -E 's/; ::1$/; ::1 ; 192.0.2.1/' /etc/exim4/exim4.conf
! declare -F configure >/dev/null || configure
# It does not go into the background by itself where its parent is process 1.
/usr/sbin/exim4 -bd -q1m &
until (: </dev/tcp/127.0.0.1/25) 2>/dev/null; do
    sleep 0.1
done
