# OpenSMTPD: the queue's time to live decides when a temporary failure is a bounce.
# shellcheck shell=bash disable=SC2034 # start and kick are read by make-samples
configure() {
    local root=$1 ttl=2s warn=3d
    [[ $2 == delay ]] && ttl=1h warn=1s
    cat >"$root/etc/smtpd.conf" <<END
queue ttl $ttl
bounce warn-interval $warn
listen on 192.0.2.1 hostname mail.sender.example
action "out" relay helo mail.sender.example src 192.0.2.1
match from any for any action "out"
END
}
start="smtpd"
kick="smtpctl schedule all"
