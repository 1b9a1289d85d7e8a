# Reads a caffe.proto and prints it with MarginInnerProductParameter and the field of LayerParameter that holds it. Lines that are there already stay.
#
# Variables: `hunks`, a file for what was changed (see reverse_proto.awk); `notices`, a file for what a person should know; `ended`, 1 where the
# input's last line ends with a newline. Exit code 1, with a message on standard error, for a schema that it does not understand.

{ raw[NR] = $0 }

END {
    for (i = 1; i <= NR; i++) {
        text[i] = raw[i]
        sub(/\r$/, "", text[i])
    }
    tokenize()
    find_messages()
    if (!("LayerParameter" in opened)) fail(0, "there is no message LayerParameter")
    if (!("FillerParameter" in opened)) fail(0, "there is no message FillerParameter")
    read_fields("LayerParameter")
    plan_message()
    plan_field()
    print_result()
}

function fail(line, what) {
    printf("caffe.proto%s: %s\n", (line > 0 ? ":" line : ""), what) > "/dev/stderr"
    exit 1
}

function notice(what) { print what > notices }

# ---- Reading ----

# tok[1..tokens], each on line tokline[]: names, numbers, strings and single characters. Comments are left out.
function tokenize(    i, n, c, rest, word, comment, quote) {
    tokens = 0
    comment = 0
    for (i = 1; i <= NR; i++) {
        rest = text[i]
        while (rest != "") {
            if (comment) {
                n = index(rest, "*/")
                if (n == 0) break
                rest = substr(rest, n + 2)
                comment = 0
                continue
            }
            c = substr(rest, 1, 1)
            if (c == " " || c == "\t") {
                rest = substr(rest, 2)
            } else if (substr(rest, 1, 2) == "//") {
                break
            } else if (substr(rest, 1, 2) == "/*") {
                rest = substr(rest, 3)
                comment = 1
            } else if (c == "\"" || c == "'") {
                n = 2
                while (n <= length(rest) && substr(rest, n, 1) != c) n += substr(rest, n, 1) == "\\" ? 2 : 1
                if (n > length(rest)) fail(i, "a string without an end")
                add_token(substr(rest, 1, n), i)
                rest = substr(rest, n + 1)
            } else if (match(rest, /^[A-Za-z0-9_.+-]+/)) {
                add_token(substr(rest, 1, RLENGTH), i)
                rest = substr(rest, RLENGTH + 1)
            } else {
                add_token(c, i)
                rest = substr(rest, 2)
            }
        }
    }
    if (comment) fail(NR, "a comment without an end")
}

function add_token(word, line) {
    tok[++tokens] = word
    tokline[tokens] = line
}

# The token that closes the brace at token p.
function closing(p,    depth, start) {
    start = p
    depth = 0
    for (; p <= tokens; p++) {
        if (tok[p] == "{") depth++
        if (tok[p] == "}" && --depth == 0) return p
    }
    fail(tokline[start], "a brace without an end")
}

# opened[name], closed[name]: the braces of every message at the top.
function find_messages(    p) {
    p = 1
    while (p <= tokens) {
        if (tok[p] == "syntax" && tok[p + 2] ~ /proto3/) fail(tokline[p], "syntax proto3, expected proto2")
        if (tok[p] == "message" && tok[p + 2] == "{") {
            if (tok[p + 1] in opened) fail(tokline[p], "a second message " tok[p + 1])
            opened[tok[p + 1]] = p + 2
            closed[tok[p + 1]] = closing(p + 2)
            p = closed[tok[p + 1]] + 1
        } else if (tok[p] == "{") {
            p = closing(p) + 1
        } else {
            p++
        }
    }
}

# by_name[message, field] and by_number[message, number]: the token of the field's number; by that token field_type[], field_name[], and
# spelled[], the number as the file has it.
# ranges[message]: "low high" pairs of numbers that are reserved or left to extensions.
function read_fields(message,    p, last, q, eq, brackets) {
    last = closed[message]
    p = opened[message] + 1
    while (p < last) {
        if (tok[p] == "oneof") {
            p += 3
        } else if (tok[p] == ";" || tok[p] == "}") {
            p++
        } else if ((tok[p] == "message" || tok[p] == "enum" || tok[p] == "extend") && tok[p + 2] == "{") {
            p = closing(p + 2) + 1
        } else if (tok[p] == "reserved" || tok[p] == "extensions") {
            p = read_ranges(message, p + 1)
        } else if (tok[p] == "option") {
            while (p < last && tok[p] != ";") p++
        } else {
            brackets = 0
            eq = 0
            for (q = p; q < last; q++) {
                if (tok[q] == "[") brackets++
                if (tok[q] == "]") brackets--
                if (brackets == 0 && eq == 0 && tok[q] == "=") eq = q
                if (brackets == 0 && (tok[q] == ";" || tok[q] == "{")) break
            }
            if (eq > 0) {
                spelled[eq + 1] = tok[eq + 1]
                tok[eq + 1] = decimal(tok[eq + 1])
            }
            if (q >= last || eq < p + 2 || tok[eq + 1] !~ /^[1-9][0-9]*$/)
                fail(tokline[p], "not understood in message " message ": " text[tokline[p]])
            add_field(message, eq)
            p = tok[q] == "{" ? closing(q) + 1 : q + 1
        }
    }
}

# A number as decimal: forks write some as hexadecimal or octal.
function decimal(word,    base, i, value) {
    if (word !~ /^0([xX][0-9a-fA-F]+|[0-7]+)$/) return word
    word = tolower(word)
    base = word ~ /^0x/ ? 16 : 8
    value = 0
    for (i = base == 16 ? 3 : 2; i <= length(word); i++)
        value = value * base + index("0123456789abcdef", substr(word, i, 1)) - 1
    return sprintf("%d", value)
}

function add_field(message, eq,    number) {
    number = eq + 1
    if ((message, tok[number]) in by_number)
        fail(tokline[eq], message " has two fields " tok[number] ": " field_name[by_number[message, tok[number]]] " and " tok[eq - 1])
    if ((message, tok[eq - 1]) in by_name) fail(tokline[eq], message " has two fields " tok[eq - 1])
    by_number[message, tok[number]] = number
    by_name[message, tok[eq - 1]] = number
    field_name[number] = tok[eq - 1]
    field_type[number] = tok[eq - 2]
    field_label[number] = tok[eq - 3]
}

function read_ranges(message, p) {
    for (; tok[p] != ";"; p++) {
        if (tok[p] !~ /^[0-9]+$/) continue
        if (tok[p + 1] == "to") {
            ranges[message] = ranges[message] tok[p] " " (tok[p + 2] == "max" ? 536870911 : tok[p + 2]) " "
            p += 2
        } else {
            ranges[message] = ranges[message] tok[p] " " tok[p] " "
        }
    }
    return p + 1
}

# Whether a number of a message cannot be given to a new field.
function is_taken(message, number,    part, n, i) {
    if ((message, number) in by_number) return 1
    n = split(ranges[message], part, " ")
    for (i = 1; i < n; i += 2)
        if (number + 0 >= part[i] + 0 && number + 0 <= part[i + 1] + 0) return 1
    return 0
}

# ---- Planning ----

# MarginInnerProductParameter: added whole, or completed where another Caffe has it.
function plan_message(    i, n, line, lines, word, missing) {
    n = split("optional uint32 num_output = 1;" \
        "optional MarginType type = 2 [default = SINGLE];" \
        "optional FillerParameter weight_filler = 3;" \
        "optional int32 axis = 4 [default = 1];" \
        "optional float base = 5 [default = 1];" \
        "optional float gamma = 6 [default = 0];" \
        "optional float power = 7 [default = 1];" \
        "optional int32 iteration = 8 [default = 0];" \
        "optional float lambda_min = 9 [default = 0];" \
        "optional bool triplet = 10 [default = false];" \
        "optional bool semihard = 11 [default = false];" \
        "optional bool exact_gradient = 100 [default = false];", line, ";")
    n--
    if (!("MarginInnerProductParameter" in opened)) {
        lines = "\n// Logits of a linear classifier with unit class rows and an angular margin at the label (SphereFace, Liu et al., CVPR 2017);\n"\
            "// with triplet the rows are samples (the Angular Triplet Loss), with semihard only semi-hard samples get a gradient.\n"\
            "// lambda = max(base * (1 + gamma * t)^-power, lambda_min), where t counts forwards from iteration on.\n"\
            "message MarginInnerProductParameter {\n"\
            "  // The m of cos(m * theta), less one.\n"\
            "  enum MarginType {\n    SINGLE = 0;\n    DOUBLE = 1;\n    TRIPLE = 2;\n    QUADRUPLE = 3;\n  }"
        for (i = 1; i <= n; i++) {
            if (i == n) lines = lines "\n  // The derivative as it is, in place of the published gradient, whose two coefficients are scaled to unit length."
            lines = lines "\n  " line[i] ";"
        }
        after[lone_brace("LayerParameter")] = lines "\n}"
        return
    }
    read_fields("MarginInnerProductParameter")
    check_margin_type()
    missing = ""
    for (i = 1; i <= n; i++) {
        split(line[i], word, " ")
        if (("MarginInnerProductParameter", word[3]) in by_name) {
            check_field("MarginInnerProductParameter", word[1], word[2], word[3], word[5])
        } else {
            if (is_taken("MarginInnerProductParameter", word[5]))
                fail(tokline[opened["MarginInnerProductParameter"]], "number " word[5] " of MarginInnerProductParameter is taken, expected it to be " word[3])
            missing = missing (missing == "" ? "" : "\n") "  " line[i] ";"
        }
    }
    if (missing != "") before[lone_brace("MarginInnerProductParameter")] = missing
}

function check_margin_type(    p, last, i, word) {
    last = closed["MarginInnerProductParameter"]
    for (p = opened["MarginInnerProductParameter"]; p < last; p++)
        if (tok[p] == "enum" && tok[p + 1] == "MarginType") break
    split("SINGLE DOUBLE TRIPLE QUADRUPLE", word, " ")
    for (i = 1; i <= 4; i++)
        if (p >= last || tok[p + 4 * i - 1] != word[i] || tok[p + 4 * i + 1] != i - 1 || tok[p + 4 * i + 2] != ";")
            fail(tokline[p < last ? p : last], "the enumeration MarginType is not SINGLE = 0, DOUBLE = 1, TRIPLE = 2, QUADRUPLE = 3")
}

function check_field(message, label, type, name, number,    at) {
    at = by_name[message, name]
    if ((number != "" && tok[at] != number) || field_type[at] != type || field_label[at] != label)
        fail(tokline[at], "field " name " of " message " is '" field_label[at] " " field_type[at] " " name " = " tok[at]\
            "', expected '" label " " type " " name (number != "" ? " = " number : "") "'")
}

# The field of LayerParameter: kept where it is there, else 147, from which another field moves on.
function plan_field(    at, number, moved, line, head, tail) {
    if (("LayerParameter", "margin_inner_product_param") in by_name) {
        if (!("MarginInnerProductParameter" in opened)) fail(0, "LayerParameter has margin_inner_product_param, but its message is not in this file")
        check_field("LayerParameter", "optional", "MarginInnerProductParameter", "margin_inner_product_param", "")
        number = tok[by_name["LayerParameter", "margin_inner_product_param"]]
        if (number != 147)
            notice("margin_inner_product_param keeps its number " number "; Atl writes it as 147, so .caffemodel files of the two cannot be exchanged (text files can)")
        return
    }
    number = 147
    if (("LayerParameter", 147) in by_number) {
        at = by_number["LayerParameter", 147]
        line = text[tokline[at]]
        if (!match(line, "(^|[ \t])" field_name[at] "[ \t]*=[ \t]*" spelled[at]) && !match(line, "^[ \t]*(=[ \t]*)?" spelled[at]))
            fail(tokline[at], "not understood: " line)
        head = substr(line, 1, RSTART + RLENGTH - 1 - length(spelled[at]))
        sub(/=[ \t]*$/, "= ", head)
        tail = substr(line, RSTART + RLENGTH)
        # Numbers below the announced one may have been in use before.
        moved = announced(148)
        while (is_taken("LayerParameter", moved)) moved++
        instead[tokline[at]] = head moved tail
        number = moved
        notice(field_name[at] " moves from 147 to " moved ": text files stay as they are, .caffemodel files of nets "\
            "with layers that set " field_name[at] " must be made anew")
    } else if (is_taken("LayerParameter", 147)) {
        fail(tokline[opened["LayerParameter"]], "number 147 of LayerParameter is reserved or left to extensions")
    }
    before[lone_brace("LayerParameter")] = "  optional MarginInnerProductParameter margin_inner_product_param = 147;"
    plan_next_number(number)
}

# The line of the comment that tells which number comes next; 0 where there is none.
function next_number_line(    i) {
    for (i = 1; i <= NR; i++)
        if (text[i] ~ /^[ \t]*\/\/.*LayerParameter next available.*ID: *[0-9]+/) return i
    return 0
}

# The number that this comment tells, but `least` at least.
function announced(least,    i, number) {
    i = next_number_line()
    if (i == 0) return least
    match(text[i], /ID: *[0-9]+/)
    number = substr(text[i], RSTART + 3, RLENGTH - 3) + 0
    return number > least ? number : least
}

function plan_next_number(used,    i, line, next_number) {
    i = next_number_line()
    if (i == 0) return
    line = text[i]
    next_number = announced(used + 1)
    while (is_taken("LayerParameter", next_number)) next_number++
    match(line, /ID: *[0-9]+/)
    line = substr(line, 1, RSTART - 1) "ID: " next_number substr(line, RSTART + RLENGTH)
    sub(/\(last added: [A-Za-z0-9_]*\)/, "(last added: margin_inner_product_param)", line)
    if (line != text[i]) instead[i] = line
}

# The line of a message's closing brace, which must have nothing else on it.
function lone_brace(message,    line) {
    line = tokline[closed[message]]
    if (text[line] !~ /^[ \t]*}[ \t]*(\/\/.*)?$/) fail(line, "expected the closing brace of " message " on a line of its own")
    return line
}

# ---- Writing ----

function print_result(    i) {
    first = 1
    for (i = 1; i <= NR; i++) {
        # A last line without an end gets one where more follows.
        if ((i in after) && i == NR && !ended && !(i in instead) && ending(i) != "" && raw[i] !~ /\r$/)
            instead[i] = text[i]
        if (i in before) insert(before[i], ending(i))
        if (i in instead) {
            print "hunk\n-" raw[i] > hunks
            print "+" instead[i] ending(i) > hunks
            put(instead[i] ending(i))
        } else {
            put(raw[i])
        }
        if (i in after) insert(after[i], ending(i))
    }
    if (ended) printf "\n"
}

# What line i ends with before its newline, which lines beside it end with, too: CR in a file of Windows. A last line
# without a newline says nothing.
function ending(i) {
    if (i == NR && !ended && i > 1 && raw[i] !~ /\r$/) i--
    return raw[i] ~ /\r$/ ? "\r" : ""
}

function insert(lines, end,    part, n, i) {
    n = split(lines, part, "\n")
    print "hunk" > hunks
    for (i = 1; i <= n; i++) {
        print "+" part[i] end > hunks
        put(part[i] end)
    }
}

function put(line) {
    printf "%s%s", first ? "" : "\n", line
    first = 0
}
