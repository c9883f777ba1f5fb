# Sendmail: short timeouts for a message's life in the queue and for its first warning.
# shellcheck shell=bash disable=SC2034 # start and kick are read by make-samples
configure() {
    local root=$1 life=1s
    [[ $2 == delay ]] && life=1h
    cat >"$root/etc/mail/samples.mc" <<END
include(\`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(\`debian')dnl
DOMAIN(\`debian-mta')dnl
define(\`confDOMAIN_NAME', \`mail.sender.example')dnl
define(\`confDONT_PROBE_INTERFACES', \`True')dnl
define(\`confPRIVACY_FLAGS', \`')dnl
define(\`confTO_QUEUERETURN', \`$life')dnl
define(\`confTO_QUEUEWARN', \`1s')dnl
define(\`confTO_CONNECT', \`3s')dnl
define(\`confTO_INITIAL', \`5s')dnl
undefine(\`confHOST_STATUS_DIRECTORY')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`promiscuous_relay')dnl
FEATURE(\`accept_unresolvable_domains')dnl
DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=192.0.2.1, Port=smtp')dnl
CLIENT_OPTIONS(\`Family=inet, Addr=192.0.2.1')dnl
LOCAL_DOMAIN(\`office.sender.example')dnl
MAILER(\`local')dnl
MAILER(\`smtp')dnl
END
    chroot "$root" m4 /etc/mail/samples.mc >"$root/etc/mail/sendmail.cf"
    printf 'lager: /dev/null\n' >"$root/etc/mail/aliases"
    chroot "$root" /usr/sbin/sendmail -bi >/dev/null
}
start="/usr/sbin/sendmail -bd"
kick="/usr/sbin/sendmail -q"
