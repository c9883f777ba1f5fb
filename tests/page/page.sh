#!/usr/bin/env bash
# The report's page in headless Chromium at two widths, light and dark: no complaint on the console, nothing that a stranger wrote
# becomes markup, every word can be selected.
# usage: page.sh NIXIE SOURCE_DIR      NIXIE_PAGE_SHOTS=DIR keeps the screenshots
set -euo pipefail
nixie=$1 source_dir=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "page: $*" >&2
    exit 1
}

browser() {
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$work/profile" --hide-scrollbars \
        --enable-logging=stderr "$@" 2>>"$work/console"
}

# A mailbox of samples, and a report in which everything is hostile.
mkdir -p "$work/mail"/{new,cur,tmp}
now=$(date +%s)
number=0
for sample in "$source_dir"/samples/{postfix,exim,google,sendmail}/*.eml; do
    number=$((number + 1))
    cp "$sample" "$work/mail/new/$((now - number * 7200)).V1I${number}M$((RANDOM % 999999)).host"
done
[[ $number -gt 20 ]] || fail "only $number samples"
cat >"$work/mail/new/$((now - 60)).V1I9999M999999.host" <<'MAIL'
From: MAILER-DAEMON@mx.example.net
To: sender@example.org
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; <script>document.title="owned"</script>

Final-Recipient: rfc822; "<img/src=x/onerror=alert(1)>"@evil.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; "><svg/onload=document.title="owned">
Diagnostic-Code: smtp; 550 5.1.1 <script>document.title="owned"</script> no such user

--b
Content-Type: message/rfc822

Message-ID: <1@example.org>
X-Campaign-Id: <img src=x onerror=alert(1)>

--b--
MAIL
printf 'state = "%s/nixie.db"\n[[mailbox]]\nname = "<u>bounces</u>"\nurl = "maildir:%s/mail"\n' "$work" "$work" >"$work/nixie.toml"
"$nixie" run --once --quiet --config "$work/nixie.toml"
"$nixie" sent --config "$work/nixie.toml" --campaign '<img src=x onerror=alert(1)>' --count 300 >"$work/sent"
"$nixie" report --config "$work/nixie.toml" --html "$work/report.html"
page=file://$work/report.html

shots=${NIXIE_PAGE_SHOTS:-$work}
mkdir -p "$shots"
declare -A schemes=([light]=1 [dark]=0)
for width in 1280 420; do
    for scheme in light dark; do
        shot=$shots/report-$width-$scheme.png
        browser --window-size="$width,2400" --blink-settings=preferredColorScheme=${schemes[$scheme]} --screenshot="$shot" "$page" >/dev/null
        [[ -s $shot ]] || fail "no screenshot at a width of $width, $scheme"
    done
    ! cmp -s "$shots/report-$width-light.png" "$shots/report-$width-dark.png" || fail "dark looks like light"
done

browser --dump-dom "$page" >"$work/dom"
grep -q '<title>Bounces, ' "$work/dom" || fail "a stranger changed the title"
! grep -qE '<(script|img|iframe|object|u>)' "$work/dom" || fail "a stranger's markup became markup"
grep -q 'CONSOLE' "$work/console" && fail "the console says: $(grep CONSOLE "$work/console")"

# Words that can be selected can be printed as words.
browser --no-pdf-header-footer --print-to-pdf="$work/report.pdf" "$page" >/dev/null
pdftotext -layout "$work/report.pdf" "$work/words"
for words in 'Bounce rate' 'What changed' 'By provider' 'Why, and what to do' 'user-unknown' 'evil.example' '<u>bounces</u>' "$(date -u -d @$((now - 7200)) +%m-%d)"; do
    grep -qF "$words" "$work/words" || fail "on paper one cannot read: $words"
done
echo "page: two widths, light and dark, a clean console, strangers' text as text"
