# Sourced by start.sh: an Exim that relays everything to the sink of world.py.
mkdir -p /etc/exim4 /var/spool/exim4 /var/log/exim4 /run/exim4
chown Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4 /run/exim4
cat >/etc/exim4/exim4.conf <<'CF'
primary_hostname = mail.example.org
keep_environment =
untrusted_set_sender = *
hostlist relay_from_hosts = <; 127.0.0.1 ; ::1
log_selector = +incoming_port
daemon_smtp_ports = 25 : 587
local_interfaces = <; 127.0.0.1 ; ::1
tls_advertise_hosts =
split_spool_directory = true
acl_smtp_rcpt = acl_check_rcpt
acl_smtp_data = acl_check_data
smtp_accept_max = 200
smtp_accept_max_per_connection = 100000

begin acl
acl_check_rcpt:
  accept hosts = +relay_from_hosts
  accept authenticated = *
  deny
acl_check_data:
  accept

begin routers
out:
  driver = manualroute
  route_list = * 127.0.0.1
  transport = remote
  self = send

begin transports
remote:
  driver = smtp
  port = 2525
  allow_localhost
  hosts_try_chunking =

begin retry
* * F,1d,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if eq{$auth3}{secret}}
  server_set_id = $auth2
CF
if [ -n "$far" ]; then
    sed -i -E 's/route_list = .*/route_list = * 192.0.2.25/; s/port = 2525/port = 25/; s/; ::1$/; ::1 ; 192.0.2.1/' /etc/exim4/exim4.conf
fi
# It does not go into the background by itself where its parent is process 1.
/usr/sbin/exim4 -bd -q1m &
until (: </dev/tcp/127.0.0.1/25) 2>/dev/null; do
    sleep 0.1
done
