# Reads what a machine under test printed and writes one row of the table; exit status 1 where something is wrong.
# Variables: kernel, its name.
#
# A kind is exact where all that was sent is credited to its sender, and nothing on its port to anybody else. Less is no
# failure only where the eye itself said that it does not see it.

function add(list, what) { return list == "" ? what : list ", " what }

# Whether the eye owned up to what it missed of a kind.
function owned_up(kind) { return (kind == "packet" || kind == "bypass") && limits ~ /AF_PACKET/ }

/^EYE open / { open = $3 }
/^EYE refused / { reason = $0; sub(/^EYE refused [0-9.]+ /, "", reason) }
/^EYE limit / { limit = $0; sub(/^EYE limit /, "", limit); limits = limits == "" ? limit : limits "; " limit }
/^SENT / {
    if (!match($0, /"pid":[0-9]+/)) { wrong = add(wrong, "sender " $2 ": " substr($0, 7 + length($2))); next }
    pid[$2] = substr($0, RSTART + 6, RLENGTH - 6)
    match($0, /"sent":[0-9]+/); sent[$2] = substr($0, RSTART + 7, RLENGTH - 7)
    match($0, /"port":[0-9]+/); port[$2] = substr($0, RSTART + 7, RLENGTH - 7)
    order[++kinds] = $2
}
/^EYE count / {
    packets[$7] += $5; connects[$7] += $6
    if ($4 && $7) { at[$4] = at[$4] " " $7; on[$4, $7] += $5 }
    if ($8) contested[$7] += $5
}
/^EYE all / { counted_to_the_end = 1; lost = $5 }
/^MACHINE end/ { ended = 1 }
/Kernel panic|Out of memory/ { panic = $0 }

END {
    for (i = 1; i <= kinds; i++) {
        kind = order[i]
        counted = kind == "connects" || kind == "SMTP" ? connects[pid[kind]] : packets[pid[kind]]
        others = 0
        n = split(at[port[kind]], owners, " ")
        split("", seen)
        for (k = 1; k <= n; k++)
            if (owners[k] != pid[kind] && !seen[owners[k]]++)
                others += on[port[kind], owners[k]]
        if (sent[kind] == 0)
            wrong = add(wrong, kind " sent nothing")
        else if (others)
            wrong = add(wrong, kind ": " others " of others")
        else if (counted == sent[kind] && !contested[pid[kind]])
            exact = add(exact, kind)
        else {
            verdict = kind ": " (contested[pid[kind]] ? contested[pid[kind]] " contested of " : counted + 0 " of ") sent[kind]
            if (owned_up(kind)) less = add(less, verdict); else wrong = add(wrong, verdict)
        }
    }
    if (open == "" && reason == "")
        wrong = add(wrong, panic != "" ? panic : "the machine said nothing of the eye")
    else if (reason != "")
        wrong = add(wrong, "refused: " reason)
    else if (kinds < 10)
        wrong = add(wrong, "only " kinds " of 10 kinds were sent")
    if (open != "" && !counted_to_the_end)
        wrong = add(wrong, "the eye did not say what it counted")
    if (open != "" && !ended)
        wrong = add(wrong, "the machine did not come to its end")
    if (lost)
        wrong = add(wrong, lost " facts lost")
    printf "| %s | %s | %s | %s | %s | %s |\n", kernel, open == "" ? "none" : "kernel", open == "" ? "" : open " s", exact, \
        less == "" && wrong == "" ? "" : less (less != "" && wrong != "" ? "; " : "") (wrong == "" ? "" : "WRONG: " wrong), limits
    exit wrong != ""
}
