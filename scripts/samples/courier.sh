# Courier: takes mail from the test network and may send reports to anyone.
# shellcheck shell=bash disable=SC2034 # start and kick are read by make-samples
configure() {
    local etc=$1/etc/courier
    printf 'mail.sender.example\n' | tee "$etc/me" "$etc/defaultdomain" "$etc/dsnfrom" >"$etc/locals"
    printf 'MAILER-DAEMON@mail.sender.example\n' >"$etc/dsnfrom"
    printf '192.0.2\tallow,RELAYCLIENT\n' >"$etc/smtpaccess/default"
    sed -i 's|^ESMTP_BLOCKBACKSCATTER=.*|ESMTP_BLOCKBACKSCATTER=|; s|^ESMTP_USE_STARTTLS=.*|ESMTP_USE_STARTTLS=0|' \
        "$etc/courierd"
    sed -i 's|^BOFHCHECKDNS=.*|BOFHCHECKDNS=0|; /^ADDRESS=/d' "$etc/esmtpd"
    printf 'ADDRESS=192.0.2.1\n' >>"$etc/esmtpd"
    # It takes every address of this machine for its own, but for routes that are stated.
    printf '%s\n' example.com:mx.example.com example.net:mx.example.net example.org:mx.example.org \
        sender.example:mailbox.sender.example >"$etc/esmtproutes"
    mkdir -p "$1/run/courier"
    chroot "$1" makesmtpaccess
}
start="sh -c 'courier start; sleep 1; esmtpd start'"
