# Exim: the retry rule says how long it goes on trying.
# shellcheck shell=bash disable=SC2034 # start and kick are read by make-samples
configure() {
    local root=$1 retry='* * F,2s,1s' warning=0s
    [[ $2 == delay ]] && retry='* * F,2h,1s' warning=1s
    cat >"$root/etc/exim4/exim4.conf" <<END
primary_hostname = mail.sender.example
local_interfaces = 192.0.2.1
domainlist local_domains = office.sender.example
acl_smtp_rcpt = accept
dsn_advertise_hosts = *
tls_advertise_hosts =
host_lookup =
keep_environment =
rfc1413_query_timeout = 0s
delay_warning = $warning
begin routers
dnslookup:
  driver = dnslookup
  domains = ! +local_domains
  self = fail
  transport = remote_smtp
  no_more
begin transports
remote_smtp:
  driver = smtp
  hosts_avoid_tls = *
  connect_timeout = 3s
  command_timeout = 5s
begin retry
$retry
END
}
start="exim4 -bd"
kick="exim4 -qff"
