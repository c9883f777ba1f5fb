# Postfix: a queue lifetime of nothing makes every temporary failure a bounce at once.
# shellcheck shell=bash disable=SC2034 # start and kick are read by make-samples
configure() {
    local root=$1 lifetime=0
    [[ $2 == delay ]] && lifetime=1h
    cat >"$root/etc/postfix/main.cf" <<END
compatibility_level = 3.6
myhostname = mail.sender.example
mydestination = office.sender.example
inet_interfaces = 192.0.2.1
inet_protocols = ipv4
mynetworks = 192.0.2.0/24
local_recipient_maps =
alias_maps = texthash:/etc/postfix/aliases
maximal_queue_lifetime = $lifetime
bounce_queue_lifetime = 1h
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
delay_warning_time = 1s
smtp_helo_timeout = 3s
smtp_connect_timeout = 3s
smtp_tls_security_level = none
smtpd_tls_security_level = none
maillog_file = /var/log/mail.log
END
    printf 'archive "|/bin/false"\nlager /dev/null\n' >"$root/etc/postfix/aliases"
}
start="postfix start"
