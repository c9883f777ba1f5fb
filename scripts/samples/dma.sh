# DragonFly Mail Agent: no server, only a sendmail command.
# shellcheck shell=bash disable=SC2034 # start, submit and kick are read by make-samples
configure() {
    printf 'MAILNAME /etc/mailname\n' >"$1/etc/dma/dma.conf"
}
start="true"
submit="dma"
kick="dma -q"
