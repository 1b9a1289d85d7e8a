#!/bin/sh
# The installer on small Caffe trees made for the purpose. usage: install_test.sh SCENARIO
set -eu

here=$(cd "$(dirname "$0")" && pwd)
native=$here/../../native
work=$(mktemp -d "${TMPDIR:-/tmp}/atl-install-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree="$work/a tree"
proto=$tree/src/caffe/proto/caffe.proto
field='  optional MarginInnerProductParameter margin_inner_product_param = 147;'

fail() {
    echo "FAILED: $*"
    [ ! -f "$work/output" ] || cat "$work/output"
    exit 1
}

# A Caffe tree whose LayerParameter has the fields given (one a line), the next of which is number $1.
make_tree() {
    rm -rf "$tree"
    mkdir -p "$tree/src/caffe/proto" "$tree/src/caffe/layers" "$tree/src/caffe/test" "$tree/include/caffe/layers"
    cat > "$proto" <<PROTO
syntax = "proto2";
package caffe; /* message LayerParameter { in a comment */

message FillerParameter {
  optional string type = 1 [default = "constant { // }"];
}

// LayerParameter next available layer-specific ID: $1 (last added: something_param)
message LayerParameter {
  optional string name = 1; // the name = 147;
  enum Kind { A = 0; B = 147; }
  repeated float loss_weight = 5;
$2
  optional WindowParameter window_param = 129;
}

message SwishParameter { optional float beta = 1 [default = 1]; }
message WindowParameter { optional uint32 size = 147; }
PROTO
    cp "$proto" "$work/original"
}

swish='  optional ClipParameter clip_param = 148;
  optional SwishParameter swish_param =  147 ;  // x * sigmoid(beta * x)'

# The message as SphereFace's Caffe has it, without $1 of its fields, appended.
append_message() {
    cat >> "$proto" <<PROTO

message MarginInnerProductParameter {
  optional uint32 num_output = 1; // of classes
  enum MarginType {
    SINGLE = 0; DOUBLE = 1;
    TRIPLE = 2;
    QUADRUPLE = 3;
  }
  optional MarginType type = 2 [default = SINGLE];
  optional FillerParameter weight_filler = 3;
  optional int32 axis = 4 [default = 1];
  optional float base = 5 [default = 1];
  optional float gamma = 6 [default = 0];
  optional float power = 7 [default = 1];
  optional int32 iteration = 8 [default = 0];
  optional float lambda_min = 9 [default = 0];
}
PROTO
    cp "$proto" "$work/original"
}

install() { sh "$native/caffe/install.sh" "$tree" "$@" > "$work/output" 2>&1 || fail "install.sh $* failed"; }

# Runs the installer, which must refuse with a message that holds $1, and leave everything as it was.
refuses() {
    message=$1
    shift
    (cd "$tree" && find . -type f -exec cksum {} + | sort) > "$work/before"
    if sh "$native/caffe/install.sh" "$tree" "$@" > "$work/output" 2>&1; then fail "install.sh $* did not refuse, expected: $message"; fi
    grep -qF -- "$message" "$work/output" || fail "the message has no '$message'"
    grep -qF 'nothing was changed' "$work/output" || fail "the message does not say that nothing was changed"
    (cd "$tree" && find . -type f -exec cksum {} + | sort) > "$work/after"
    cmp -s "$work/before" "$work/after" || fail "a refusal changed files"
}

has() { grep -qF -- "$1" "$proto" || fail "caffe.proto has no '$1': $(cat "$proto")"; }
has_not() { if grep -qF -- "$1" "$proto"; then fail "caffe.proto has '$1'"; fi; }
says() { grep -qF -- "$1" "$work/output" || fail "the output has no '$1'"; }
same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }

# Taking it out gives the tree's original schema, and no file of ours stays.
takes_out() {
    install --uninstall
    same "$proto" "$work/original"
    [ -z "$(find "$tree" -name '*margin*' -o -name 'atl*')" ] || fail "files stayed: $(find "$tree")"
}

# Every file and folder of the tree, with contents and which may only be read, but for git's own.
snapshot() {
    (cd "$tree/." && find . -name .git -prune -o -print | sort \
        && find . -name .git -prune -o -type f -exec cksum {} + | sort -k 3 \
        && find . -name .git -prune -o -type f ! -perm -200 -print | sort)
}

git_tree() { git -C "$tree" -c user.name=test -c user.email=test@localhost -c commit.gpgsign=false "$@"; }
git_status() { git_tree status --porcelain; }
needs_git() { command -v git > /dev/null || { echo 'skipped: no git'; exit 77; }; }

# A tree in which there is something of every kind to do, committed where there is git.
full_tree() {
    make_tree 149 "$swish"
    echo 'the published layer' > "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    if command -v git > /dev/null; then
        git_tree init -q
        git_tree config core.autocrlf false
        git_tree add -A
        git_tree commit -q -m before
    fi
}

# Installs an older version: other lines in caffe.proto, other headers, one file less.
old_install() {
    if [ ! -d "$work/old" ]; then
        mkdir "$work/old"
        cp -r "$native/caffe" "$native/margin" "$native/common" "$native/cuda" "$work/old"
        sed 's/an angular margin at the label/an angular margin, in older words/' "$native/caffe/edit_proto.awk" \
            > "$work/old/caffe/edit_proto.awk"
        grep -v require_cxx11 "$native/caffe/files.txt" > "$work/old/caffe/files.txt"
        echo '// older' >> "$work/old/margin/margin.h"
        echo '// older' >> "$work/old/caffe/margin_inner_product_layer.cpp"
    fi
    sh "$work/old/caffe/install.sh" "$tree" > "$work/output" 2>&1 || fail 'the older version cannot be installed'
}

# Programs that do their work until it is the turn of number $AT: that one does half of it, and then fails, or takes the
# script that called it with it.
make_breaking_programs() {
    mkdir "$work/programs"
    for name in cat chmod cp mkdir mv rm rmdir; do
        cat > "$work/programs/$name" <<PROGRAM
#!/bin/sh
read -r count < "$work/count"
count=\$((count + 1))
echo \$count > "$work/count"
[ \$count -eq \$AT ] || exec "$(command -v "$name")" "\$@"
case $name in
cat) head -c 9 "\$1" ;;
cp) for last; do :; done; [ -d "\$last" ] || echo half > "\$last" ;;
esac
[ \$HOW = fail ] || kill -9 \$PPID
exit 1
PROGRAM
        chmod +x "$work/programs/$name"
    done
}

# Lets the installer break off at every step in turn: at the odd ones by a failure, at the others by a kill. Each time
# --uninstall must give the tree back. usage: break_off PREPARATION [OPTION]
break_off() {
    make_breaking_programs
    snapshot > "$work/before"
    at=1
    while :; do
        if [ $((at % 2)) -eq 1 ]; then how=fail; else how=kill; fi
        "$1"
        snapshot > "$work/start"
        echo 0 > "$work/count"
        ended=broken
        if (PATH=$work/programs:$PATH TMPDIR=$work AT=$at HOW=$how sh "$native/caffe/install.sh" "$tree" ${2+"$2"}) \
            > "$work/output" 2>&1; then
            ended=well
        fi
        read -r count < "$work/count"
        if [ "$ended $how" = 'broken fail' ] && ! grep -qE 'broke off half-way|nothing was changed' "$work/output"; then
            snapshot | cmp -s - "$work/start" || fail "step $at: the message does not say how to go on"
        fi
        if ! sh "$native/caffe/install.sh" "$tree" --uninstall > "$work/again" 2>&1; then
            grep -q 'there is nothing to take out' "$work/again" || {
                cat "$work/again"
                fail "step $at ($how): --uninstall fails"
            }
        fi
        snapshot > "$work/after"
        if ! cmp -s "$work/before" "$work/after"; then
            diff "$work/before" "$work/after" || cat "$work/again"
            fail "step $at ($how): the tree is not as it was"
        fi
        if [ "$ended" = well ] && [ "$count" -lt "$at" ]; then break; fi
        at=$((at + 1))
    done
    [ "$at" -gt 20 ] || fail "only $at steps were broken"
    echo "$at steps"
}

case $1 in
fresh)
    make_tree 147 ''
    install
    has "$field"
    has 'ID: 148 (last added: margin_inner_product_param)'
    has '  optional bool exact_gradient = 100 [default = false];'
    has '  repeated float loss_weight = 5;'
    [ "$(grep -c 'message MarginInnerProductParameter {' "$proto")" = 1 ] || fail 'not one message'
    grep -v '^ *//' "$native/caffe/files.txt" | while read -r from to; do
        case $from in '#'* | */test_*) continue ;; esac
        same "$native/$from" "$tree/$to"
    done
    cp "$proto" "$work/once"
    install
    says 'nothing to do'
    same "$proto" "$work/once"
    takes_out
    install
    same "$proto" "$work/once"
    ;;
swish)
    make_tree 149 "$swish"
    install
    has "$field"
    has '  optional SwishParameter swish_param = 149 ;  // x * sigmoid(beta * x)'
    has 'ID: 150 (last added: margin_inner_product_param)'
    has 'clip_param = 148;'
    has 'the name = 147;'
    has 'uint32 size = 147;'
    says 'swish_param moves from 147 to 149'
    takes_out
    # 149 and 150 are taken, 151 to 160 reserved.
    make_tree 149 "$swish
  optional AParameter a_param = 149; oneof either { BParameter b_param = 150; }
  reserved 151 to 160, 162;
  extensions 500 to max;"
    install
    has 'swish_param = 161 ;'
    has 'ID: 163 '
    takes_out
    ;;
sphereface)
    make_tree 148 "$field"
    append_message
    echo 'the published layer' > "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    install
    has '  optional bool triplet = 10 [default = false];'
    has '  optional bool semihard = 11 [default = false];'
    has '  optional bool exact_gradient = 100 [default = false];'
    has 'ID: 148 (last added: something_param)'
    says 'replace src/caffe/layers/margin_inner_product_layer.cpp'
    [ "$(grep -c 'margin_inner_product_param = 147' "$proto")" = 1 ] || fail 'not one field'
    same "$native/caffe/margin_inner_product_layer.cpp" "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    install --uninstall
    same "$proto" "$work/original"
    [ "$(cat "$tree/src/caffe/layers/margin_inner_product_layer.cpp")" = 'the published layer' ] || fail 'the published layer did not come back'
    # Another number stays, and is told.
    make_tree 160 '  optional MarginInnerProductParameter margin_inner_product_param = 159;
  optional OtherParameter other_param = 147;'
    append_message
    install
    says 'keeps its number 159'
    has 'margin_inner_product_param = 159;'
    has 'bool triplet = 10'
    # The message alone.
    make_tree 149 "$swish"
    append_message
    install
    has "$field"
    has 'swish_param = 149 ;'
    has 'bool triplet = 10'
    ;;
taken)
    # Whatever has the number moves to the next free one, and comes back.
    make_tree 149 '  optional CenterLossParameter center_loss_param = 147; // of a fork'
    install
    has '  optional CenterLossParameter center_loss_param = 149; // of a fork'
    has "$field"
    has 'ID: 150 (last added: margin_inner_product_param)'
    says 'center_loss_param moves from 147 to 149'
    says 'nets with layers that set center_loss_param must be made anew'
    takes_out
    make_tree 149 '  optional OtherParameter swish_param = 147;'
    install
    has '  optional OtherParameter swish_param = 149;'
    takes_out
    make_tree 149 '  oneof what { OtherParameter other_param = 147; }'
    install --dry-run
    says '+  oneof what { OtherParameter other_param = 149; }'
    install
    takes_out
    # The announced number is free; those below may have been in use before.
    make_tree 200 '  optional bool other = 147 [deprecated = true];'
    install
    has '  optional bool other = 200 [deprecated = true];'
    has 'ID: 201 '
    takes_out
    make_tree 149 '  optional A a_param = 147; optional B b_param = 146;'
    install
    has 'optional A a_param = 149; optional B b_param = 146;'
    takes_out
    # Numbers that are written otherwise, such as happynear/caffe-windows has, are read, too.
    make_tree 148 '  optional A a_param = 147; optional B b_param = 0x94;
  optional MILDataParameter mil_data_param = 0x004d4944; // "MID"'
    install
    has 'optional A a_param = 149; optional B b_param = 0x94;'
    takes_out
    # The number is found wherever it stands, and nothing else that looks like it is changed.
    make_tree 149 '  optional A a_param = 147 [default = "= 147"]; // = 147'
    install
    has '  optional A a_param = 149 [default = "= 147"]; // = 147'
    takes_out
    make_tree 149 '  optional A a_param=0x93; optional A b_param = 1470;'
    install
    has '  optional A a_param= 149; optional A b_param = 1470;'
    takes_out
    make_tree 149 '  optional A a_param = 0223;'
    install
    has '  optional A a_param = 149;'
    takes_out
    make_tree 149 '  optional A a_param =
      147;'
    install
    has '      149;'
    takes_out
    make_tree 149 '  reserved 140 to 150;'
    refuses 'number 147 of LayerParameter is reserved'
    make_tree 149 '  extensions 147;'
    refuses 'left to extensions'
    ;;
already)
    make_tree 148 "$field"
    append_message
    awk '{ print } /lambda_min = 9/ { print "  optional bool triplet = 10 [default = false];\n  optional bool semihard = 11;\n  optional bool exact_gradient = 100;" }' "$work/original" > "$proto"
    cp "$proto" "$work/original"
    install --proto-only
    says 'nothing to do'
    same "$proto" "$work/original"
    [ ! -d "$tree/.atl-margin" ] || fail 'a record of nothing'
    install
    same "$proto" "$work/original"
    takes_out
    ;;
crlf)
    make_tree 149 "$swish"
    awk '{ printf("%s%s\r", (NR > 1 ? "\n" : ""), $0) }' "$work/original" > "$proto"
    cp "$proto" "$work/original"
    install
    [ "$(awk '!/\r$/' "$proto" | wc -l)" -eq 0 ] || fail 'a line without CR'
    has 'swish_param = 149 ;'
    [ "$(tail -c 1 "$proto" | od -An -c | tr -d ' ')" = '\r' ] || fail 'the last line has an end that it did not have'
    takes_out
    install
    printf '// x' >> "$proto"
    printf '// x' >> "$work/original"
    takes_out
    # Each line follows its neighbours, and the last brace of a file need not end its line.
    make_tree 149 "$swish"
    awk '/^message SwishParameter/ { exit }
        NF > 0 {
            bare = /^message LayerP/ || /Kind/ || $0 == "}" && ++braces == 2
            printf("%s%s%s", (n++ ? "\n" : ""), $0, (bare ? "" : "\r"))
        }' "$work/original" > "$proto"
    [ "$(tail -c 1 "$proto")" = '}' ] || fail 'the brace does not end the file'
    cp "$proto" "$work/original"
    install
    [ "$(awk '!/\r$/' "$proto" | wc -l)" -eq 2 ] || fail 'other lines than those two have no CR'
    grep -q 'swish_param = 149 ;.*)'"$(printf '\r')"'$' "$proto" || fail 'the moved field lost its CR'
    takes_out
    ;;
refusals)
    make_tree 147 ''
    mv "$proto" "$proto.away"
    refuses 'is not a Caffe source tree'
    make_tree 147 ''
    sed 's/LayerParameter/V1LayerParameter/' "$work/original" > "$proto"
    refuses 'there is no message LayerParameter'
    make_tree 147 '  optional A a_param = 130; optional B b_param = 130;'
    refuses 'LayerParameter has two fields 130: a_param and b_param'
    make_tree 147 '  optional A a_param /* = */ = /* = */ 147;'
    refuses 'not understood:   optional A a_param /* = */ = /* = */ 147;'
    make_tree 147 '  optional A a_param = x93;'
    refuses 'not understood in message LayerParameter'
    make_tree 147 '  optional A a_param = 0223; optional B b_param = 147;'
    refuses 'LayerParameter has two fields 147: a_param and b_param'
    make_tree 147 '  {'
    refuses 'caffe.proto'
    make_tree 147 '/*'
    refuses 'a comment without an end'
    make_tree 147 "$field"
    refuses 'its message is not in this file'
    make_tree 147 "$field"
    append_message
    sed 's/float gamma = 6/float gamma = 10/' "$work/original" > "$proto"
    refuses "expected 'optional float gamma = 6'"
    sed 's/float gamma = 6/double gamma = 6/' "$work/original" > "$proto"
    refuses "'optional double gamma = 6', expected"
    awk '{ print } /lambda_min = 9/ { print "  optional float mine = 10;" }' "$work/original" > "$proto"
    refuses 'number 10 of MarginInnerProductParameter is taken, expected it to be triplet'
    make_tree 147 "$field"
    append_message
    sed 's/QUADRUPLE = 3/QUADRUPLE = 4/' "$work/original" > "$proto"
    refuses 'the enumeration MarginType'
    make_tree 147 ''
    sed 's/window_param = 129;/window_param = 129; }/; /^}$/d' "$work/original" > "$proto"
    refuses 'caffe.proto'
    make_tree 147 ''
    sed 's/proto2/proto3/' "$work/original" > "$proto"
    refuses 'proto3'
    make_tree 147 ''
    refuses 'there is nothing to take out' --uninstall
    ;;
dry_run)
    make_tree 149 "$swish"
    install --dry-run
    says '-  optional SwishParameter swish_param =  147 ;'
    says '+  optional SwishParameter swish_param = 149 ;'
    says "+$field"
    says 'new src/caffe/layers/margin_inner_product_layer.cu'
    same "$proto" "$work/original"
    [ "$(find "$tree" -type f | wc -l)" -eq 1 ] || fail 'a dry run wrote files'
    install
    cp "$proto" "$work/installed"
    install --uninstall --dry-run
    says "-$field"
    says 'delete src/caffe/layers/margin_inner_product_layer.cu'
    same "$proto" "$work/installed"
    takes_out
    ;;
edited)
    # The schema changes elsewhere between installing and taking out: only our lines go.
    change() { awk '{ sub(/optional uint32 size = 147/, "optional uint64 size = 147"); print } /^syntax/ { print "// a new line" }' "$1"; }
    make_tree 149 "$swish"
    install
    change "$proto" > "$work/changed"
    cp "$work/changed" "$proto"
    install
    says 'nothing to do'
    install --uninstall
    change "$work/original" > "$work/expected"
    same "$proto" "$work/expected"
    # It changes in our lines: refused, since the place is not known any more.
    make_tree 149 "$swish"
    install
    sed 's/float lambda_min = 9 .*/float lambda_min = 9 [default = 5];/' "$proto" > "$work/changed"
    cp "$work/changed" "$proto"
    refuses 'was changed at lines that this script had written' --uninstall
    install
    says 'nothing to do'
    grep -v 'bool triplet' "$work/changed" > "$proto"
    refuses 'is not complete any more'
    # The old schema came back by other means.
    cp "$work/original" "$proto"
    takes_out
    make_tree 149 "$swish"
    install
    cp "$work/original" "$proto"
    install
    has "$field"
    takes_out
    ;;
files)
    make_tree 147 ''
    cpp=$tree/src/caffe/layers/margin_inner_product_layer.cpp
    install
    # An older version of ours is brought up to date; what somebody edited is not overwritten.
    echo 'older' > "$cpp"
    refuses 'changed since they were installed'
    line=$(cksum < "$cpp" | awk '{ print $1 " " $2 }')
    sed "s|^.* src/caffe/layers/margin_inner_product_layer.cpp|$line src/caffe/layers/margin_inner_product_layer.cpp|" "$tree/.atl-margin/installed" > "$work/installed"
    cp "$work/installed" "$tree/.atl-margin/installed"
    install
    says 'update'
    same "$native/caffe/margin_inner_product_layer.cpp" "$cpp"
    rm "$cpp"
    install
    same "$native/caffe/margin_inner_product_layer.cpp" "$cpp"
    echo '// mine' >> "$cpp"
    install --uninstall
    says 'kept as src/caffe/layers/margin_inner_product_layer.cpp.edited'
    grep -q '// mine' "$cpp.edited" || fail 'the edited file is lost'
    [ ! -e "$cpp" ] || fail 'the file stayed'
    same "$proto" "$work/original"
    ;;
with_test)
    make_tree 147 ''
    install --with-test
    same "$native/caffe/test_margin_inner_product_layer.cpp" "$tree/src/caffe/test/test_margin_inner_product_layer.cpp"
    install
    says 'nothing to do'
    takes_out
    ;;
proto_only)
    make_tree 149 "$swish"
    install --proto-only
    has "$field"
    [ ! -e "$tree/src/caffe/layers/margin_inner_product_layer.cpp" ] || fail 'the layer was copied'
    install
    [ -e "$tree/src/caffe/layers/margin_inner_product_layer.cpp" ] || fail 'the layer was not copied'
    takes_out
    ;;
places)
    # A tree through a link, a schema that is a link itself, and files that may only be read.
    make_tree 149 "$swish"
    mv "$tree" "$work/real tree"
    ln -s "real tree" "$tree"
    mv "$proto" "$work/real tree/the schema"
    ln -s "../../../the schema" "$proto"
    echo 'the published layer' > "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    chmod 444 "$proto" "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    snapshot > "$work/before"
    install
    has "$field"
    [ -L "$proto" ] || fail 'the link to the schema is a file now'
    install
    says 'nothing to do'
    install --uninstall
    snapshot > "$work/after"
    same "$work/before" "$work/after"
    # Paths that begin where we are.
    mv "$tree/the schema" "$work/schema"
    rm "$tree" "$work/real tree/src/caffe/proto/caffe.proto"
    mv "$work/schema" "$work/real tree/src/caffe/proto/caffe.proto"
    (cd "$work" && sh "$native/caffe/install.sh" 'real tree/') > "$work/output" 2>&1 || fail 'a path from here'
    (cd "$work/real tree" && sh "$native/caffe/install.sh" . --uninstall) > "$work/output" 2>&1 || fail 'this folder'
    same "$work/real tree/src/caffe/proto/caffe.proto" "$work/original"
    # A Caffe of which only the schema is there: the folders that are made go again.
    make_tree 147 ''
    rm -r "$tree/include" "$tree/src/caffe/layers" "$tree/src/caffe/test"
    snapshot > "$work/before"
    install --with-test
    install --uninstall
    snapshot > "$work/after"
    same "$work/before" "$work/after"
    ;;
older)
    # Over an older version, in a git tree with changes of its own.
    full_tree
    needs_git
    echo '// mine, not committed' >> "$proto"
    echo '// mine, not committed' >> "$tree/src/caffe/layers/margin_inner_product_layer.cpp"
    snapshot > "$work/before"
    git_status > "$work/status"
    old_install
    grep -q 'in older words' "$proto" || fail 'the older version was not installed'
    install
    says 'update include/atl/margin/margin.h'
    if grep -q 'in older words' "$proto"; then fail 'the older lines stayed'; fi
    install
    says 'nothing to do'
    install --uninstall
    snapshot > "$work/after"
    same "$work/before" "$work/after"
    git_status | cmp - "$work/status" || fail 'git sees a difference'
    ;;
lost)
    # The record is lost. With git what was there before is known.
    needs_git
    for ends in lf crlf; do
        full_tree
        if [ "$ends" = crlf ]; then
            git_tree config core.autocrlf true
            rm -r "$tree/src"
            git_tree checkout -q -- .
            [ "$(awk '!/\r$/' "$proto" | wc -l)" -eq 0 ] || fail 'the checkout has no CRLF'
        fi
        snapshot > "$work/before"
        install
        rm -r "$tree/.atl-margin"
        install --uninstall --dry-run
        says 'dry run'
        install --uninstall
        says "taken from git's last commit"
        snapshot > "$work/after"
        same "$work/before" "$work/after"
        # With changes elsewhere, and after an installation over it.
        install
        rm -r "$tree/.atl-margin"
        sed 's/optional uint32 size = 147/optional uint64 size = 147/' "$proto" > "$work/changed"
        cp "$work/changed" "$proto"
        install
        says 'is made anew'
        install --uninstall
        sed 's/optional uint64 size = 147/optional uint32 size = 147/' "$proto" > "$work/changed"
        cp "$work/changed" "$proto"
        snapshot > "$work/after"
        same "$work/before" "$work/after"
    done
    # Without git it is said what to do, and doing it is enough.
    full_tree
    rm -r "$tree/.git"
    install
    rm -r "$tree/.atl-margin"
    refuses 'has no .atl-margin' --uninstall
    says 'delete src/caffe/layers/margin_inner_product_layer.cu'
    says 'delete include/atl/margin/margin.h'
    says 'message MarginInnerProductParameter'
    says 'give swish_param its number 147 back'
    sed -n 's/.*delete lines \([0-9]*\) to \([0-9]*\),.*/\1,\2d/p; s/.*delete line \([0-9]*\),.*/\1d/p' \
        "$work/output" > "$work/deletions"
    [ "$(wc -l < "$work/deletions")" -eq 2 ] || fail 'not both deletions are told'
    sed -f "$work/deletions" "$proto" > "$work/mended"
    if grep -v '^//' "$work/mended" | grep -q -i 'margin_\?inner_\?product'; then
        fail "the lines told are not all: $(cat "$work/mended")"
    fi
    # An update without the record does not take the older version for the tree's own.
    echo '// atl/margin/margin.h, older' > "$tree/include/caffe/layers/margin_inner_product_layer.hpp"
    install
    says 'the record .atl-margin is lost'
    says 'update include/caffe/layers/margin_inner_product_layer.hpp'
    refuses 'has no .atl-margin' --uninstall
    # Where there was nothing, there is nothing to do.
    make_tree 147 ''
    refuses 'there is nothing to take out' --uninstall
    ;;
standard)
    # A compiler that takes C++98 is told which line it needs; so is whoever installs into a tree whose Makefile names
    # no standard.
    make_tree 147 ''
    printf 'CXXFLAGS += -Wall # -std=c++11\n' > "$tree/Makefile"
    install --dry-run
    says 'COMMON_FLAGS += -std=c++11'
    install
    says 'COMMON_FLAGS += -std=c++11'
    install --uninstall
    echo 'COMMON_FLAGS += -std=c++11' > "$tree/Makefile.config"
    install
    if grep -q 'COMMON_FLAGS' "$work/output"; then fail 'told although it is there'; fi
    for source in include/caffe/layers/margin_inner_product_layer.hpp src/caffe/layers/margin_inner_product_layer.cu; do
        if "${CXX:-c++}" -std=c++98 -fsyntax-only -x c++ -I"$tree/include" -I"$here/standin" "$tree/$source" \
            > "$work/output" 2>&1; then
            fail 'C++98 is enough'
        fi
        grep 'error' "$work/output" | head -n 1 | grep -qF 'Makefile.config: COMMON_FLAGS += -std=c++11' \
            || fail 'the first error does not name the line to add'
    done
    make_tree 147 ''
    echo 'CXXFLAGS += -std=c++98' > "$tree/Makefile"
    install --proto-only
    if grep -q 'COMMON_FLAGS' "$work/output"; then fail 'told although nothing of ours is compiled in the tree'; fi
    ;;
broken_install)
    full_tree
    break_off :
    ;;
broken_update)
    full_tree
    break_off old_install
    ;;
broken_uninstall)
    full_tree
    break_off install --uninstall
    ;;
*)
    fail "no scenario $1"
    ;;
esac
echo "$1: ok"
