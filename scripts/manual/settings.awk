# Turns conf/nixie.toml into Markdown for nixie.toml(5): comments are the text, settings stand as they are, and a comment that
# stands right before the heading of a table belongs below it.
BEGIN { print "# DESCRIPTION\n" }
function escaped(line) {
    gsub(/[*_<]/, "\\\\&", line)
    return line
}
function flush() {
    printf "%s", held
    held = ""
    mode = ""
}
function hold(which, line) {
    if (mode != which && mode != "") held = held "\n"
    mode = which
    held = held line "\n"
}
/^$/ { flush(); print ""; next }
/^#?\[+[a-z_.]+\]+$/ {
    heading = $0
    sub(/^#/, "", heading)
    if (!(heading in headings)) print "\n# " heading "\n"
    headings[heading] = 1
    flush()
    print ""
    next
}
/^# .*[^ ]   +[^ ]/ || /^#   / { hold("code", "    " substr($0, 3)); next } # in columns, or indented
/^#[^ ]/ || /^[^#]/ {
    sub(/^#/, "")
    hold("code", "    " $0)
    flush()
    mode = "code"
    next
}
{
    sub(/^# ?/, "")
    hold("text", escaped($0))
}
END { flush() }
