# Sourced, for the demonstration and for the lab of the tests: write_exim FILE SPOOL LOGS RELAY PORT writes the configuration
# of an Exim that takes mail on this machine alone, has no mailboxes, and hands everything to one relay.
write_exim() {
    mkdir -p "$2"
    chown Debian-exim:Debian-exim "$2"
    cat >"$1" <<CF
primary_hostname = mail.example.org
spool_directory = $2
log_file_path = $3/%slog
pid_file_path = $2/exim-daemon.pid
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
  route_list = * $4
  transport = remote
  self = send

begin transports
remote:
  driver = smtp
  port = $5
  allow_localhost
  hosts_try_chunking =

begin retry
* * F,1d,1m
CF
}
