# Undoes what edit_proto.awk did, in a file that may have been edited elsewhere since: every block of lines that it wrote must be there once. Reads the file of
# hunks first ("hunk", then the old lines with "-" and the new ones with "+"), then the schema; prints the schema. `ended` as in edit_proto.awk.
# Exit code 1, with nothing printed, where a block is not there or there twice; 3 where none is there.

FNR == NR && /^hunk$/ { hunks++; next }
FNR == NR && /^-/ { old[hunks, ++olds[hunks]] = substr($0, 2); next }
FNR == NR { now[hunks, ++news[hunks]] = substr($0, 2); next }
{ line[++lines] = $0 }

END {
    broken = 0
    all = 0
    for (h = 1; h <= hunks; h++) {
        found = 0
        for (i = 1; i + news[h] - 1 <= lines; i++) {
            for (j = 1; j <= news[h] && line[i + j - 1] == now[h, j]; j++) ;
            if (j <= news[h]) continue
            found++
            at[i] = h
        }
        if (found != 1) broken = 1
        all += found
    }
    if (broken) exit all == 0 ? 3 : 1
    first = 1
    for (i = 1; i <= lines; i++) {
        if (!(i in at)) {
            put(line[i])
            continue
        }
        for (j = 1; j <= olds[at[i]]; j++) put(old[at[i], j])
        i += news[at[i]] - 1
    }
    if (ended) printf "\n"
}

function put(text) {
    printf "%s%s", first ? "" : "\n", text
    first = 0
}
