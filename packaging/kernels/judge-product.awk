# Reads what a machine under test printed of the packaged program; one row, and exit status 1 where something is wrong.
# Variables: kernel, its name.
/^PRODUCT ok / { what = $0; sub(/^PRODUCT ok /, "", what); good = good == "" ? what : good ", " what; count++ }
/^PRODUCT lacks / { what = $0; sub(/^PRODUCT lacks /, "", what); less = less == "" ? what : less ", " what; count++ }
/^PRODUCT wrong / { what = $0; sub(/^PRODUCT wrong /, "", what); bad = bad == "" ? what : bad "; " what }
/^PRODUCT end/ { ended = 1 }
/Kernel panic|Out of memory/ { bad = bad == "" ? $0 : bad "; " $0 }
END {
    if (!ended)
        bad = bad == "" ? "it did not come to its end" : bad "; it did not come to its end"
    else if (count < 8 && bad == "")
        bad = "only " count " of 8 things were tried"
    printf "| %s | %s | %s |\n", kernel, good, bad != "" ? "WRONG: " bad : less != "" ? "not possible, and said so: " less : ""
    exit bad != ""
}
