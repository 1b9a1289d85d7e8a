#!/bin/sh
# Puts the margin inner product into a Caffe source tree: copies the layer, and adds its message and field to src/caffe/proto/caffe.proto.
# docs/linking-into-caffe.md tells what it changes and what it refuses.
set -eu

usage='usage: install.sh CAFFE_ROOT [--dry-run] [--with-test] [--proto-only]
       install.sh CAFFE_ROOT --uninstall [--dry-run]

  --dry-run     prints what would be done, and changes nothing
  --with-test   copies the layer'"'"'s test into src/caffe/test, too
  --proto-only  changes caffe.proto alone, for the layer as a shared library
  --uninstall   takes everything out again'

here=$(cd "$(dirname "$0")" && pwd)
native=$(dirname "$here")
root= dry= tests= proto_only= uninstall=
for argument in "$@"; do
    case $argument in
        --dry-run) dry=1 ;;
        --with-test) tests=1 ;;
        --proto-only) proto_only=1 ;;
        --uninstall) uninstall=1 ;;
        -h | --help) echo "$usage"; exit 0 ;;
        -*) echo "install.sh: unknown option $argument" >&2; echo "$usage" >&2; exit 2 ;;
        *) [ -z "$root" ] || { echo "install.sh: more than one CAFFE_ROOT" >&2; exit 2; }; root=$argument ;;
    esac
done
[ -n "$root" ] || { echo "$usage" >&2; exit 2; }

# What an installation leaves in the tree, so that it can be taken out: `installed` (checksum, size and path of each
# file that was written, a line for each version of it), backup/ (the files that were there before), `folders` (those
# that were made), and for caffe.proto `proto.hunks` and `proto.checksum`, with the same under `.next` while a newer
# edit is on its way. Each is written before what it tells of, and in one step, so that every moment can be the last.
state=$root/.atl-margin
done=$root/.atl-margin-done
proto_path=src/caffe/proto/caffe.proto
proto=$root/$proto_path
new= writing=

die() {
    echo "install.sh: $*" >&2
    echo "install.sh: nothing was changed" >&2
    exit 1
}

finish() {
    code=$?
    rm -rf "$work" || :
    if [ -n "$new" ]; then rm -f "$new"; fi
    if [ -n "$writing" ] && [ "$code" -ne 0 ]; then
        echo "install.sh: broke off half-way; 'install.sh $root --uninstall' puts the tree back as it was" >&2
    fi
}

[ -f "$proto" ] || die "$root is not a Caffe source tree: it has no $proto_path"
work=$(mktemp -d "${TMPDIR:-/tmp}/atl-margin.XXXXXX")
trap finish EXIT
trap 'exit 1' HUP INT TERM
: > "$work/notices"

# Checksum and size of a file.
sum() { cksum < "$1" | awk '{ print $1 " " $2 }'; }

# 1 where a file's last line ends with a newline.
ended() { if [ -z "$(tail -c 1 "$1")" ]; then echo 1; else echo 0; fi; }

# The paths that are recorded.
recorded() {
    if [ -f "$state/installed" ]; then awk '{ sub(/^[0-9]+ [0-9]+ /, "") } !seen[$0]++' "$state/installed"; fi
}

is_recorded() { recorded | grep -qxF -- "$1"; }

# Whether a file is as it was installed, by this version or an earlier one, or still as it was before.
untouched() {
    if [ -f "$state/backup/$1" ] && cmp -s "$root/$1" "$state/backup/$1"; then return 0; fi
    grep -qxF -- "$(sum "$root/$1") $1" "$state/installed"
}

# The file that a path leads to, through links.
real() {
    path=$1
    while [ -L "$path" ]; do
        link=$(readlink "$path")
        case $link in /*) path=$link ;; *) path=$(dirname "$path")/$link ;; esac
    done
    echo "$path"
}

# Gives a file of the tree the content of another, in one step. Its mode stays; a file that may only be read is replaced
# all the same.
put() {
    place=$(real "$2")
    mkdir -p "$(dirname "$place")"
    new=$place.atl-new
    rm -f "$new"
    locked=
    if [ -e "$place" ]; then
        cp -p "$place" "$new"
        [ -w "$new" ] || { chmod u+w "$new" && locked=1; }
    fi
    cat "$1" > "$new"
    [ -z "$locked" ] || chmod u-w "$new"
    mv -f "$new" "$place"
    new=
}

# Gives a file of the record the content of another, in one step.
keep() {
    mkdir -p "$(dirname "$state/$2")"
    cp -p "$1" "$state/$2.new"
    mv -f "$state/$2.new" "$state/$2"
}

# Writes to $work/base what caffe.proto would be had this script never run. Fails where its lines were edited since.
# Whoever calls it asks for its result, and the shell goes on after a failure then, unless it is told to end.
find_base() {
    cp "$proto" "$work/base" || exit 1
    absent=1
    for next in .next ''; do
        [ -f "$state/proto.hunks$next" ] || continue
        code=0
        awk -v ended="$(ended "$proto")" -f "$here/reverse_proto.awk" "$state/proto.hunks$next" "$proto" \
            > "$work/reversed" || code=$?
        if [ "$code" -eq 0 ]; then
            cp "$work/reversed" "$work/base" || exit 1
            return 0
        fi
        if [ -f "$state/proto.checksum$next" ] && [ "$(sum "$proto")" = "$(cat "$state/proto.checksum$next")" ]; then
            cp "$state/backup/$proto_path" "$work/base" || exit 1
            return 0
        fi
        # Not there at all: it was not written yet, or the old schema came back by other means.
        [ "$code" -eq 3 ] || absent=
        if grep -q '^+message MarginInnerProductParameter' "$state/proto.hunks$next" \
            && grep -q '^message MarginInnerProductParameter' "$proto"; then
            absent=
        fi
    done
    [ -n "$absent" ] || cmp -s "$proto" "$state/backup/$proto_path"
}

# Writes the edited form of $1 to $work/edited, and to $work/hunks what was changed.
edit() {
    : > "$work/hunks"
    : > "$work/notices"
    awk -v hunks="$work/hunks" -v notices="$work/notices" -v ended="$(ended "$1")" -f "$here/edit_proto.awk" "$1" > "$work/edited" 2> "$work/errors"
}

show_diff() { diff -u -L "a/$proto_path" -L "b/$proto_path" "$1" "$2" || true; }

# The layer's files that may be in a tree: source and place.
listed() { awk '!/^#/ && NF { sub(/\r$/, ""); print }' "$here/files.txt"; }

# Whether a file is the layer's, of this version or another, and not that of a Caffe that has a layer of this name.
is_ours() {
    case $1 in include/atl/*) return 0 ;; esac
    grep -q 'atl/margin/margin.h\|atl/cuda/margin_inner_product.cuh' "$root/$1" || cmp -s "$native/$2" "$root/$1"
}

# Where the record is lost: makes it anew, in $state, from what git has of the tree before. Fails where git cannot help.
rebuild_record() {
    command -v git > /dev/null || return 1
    state=$work/record
    mkdir -p "$state/backup/src/caffe/proto"
    git -C "$root" cat-file --filters "HEAD:./$proto_path" > "$state/backup/$proto_path" 2> "$work/errors" || return 1
    edit "$state/backup/$proto_path" || return 1
    [ -s "$work/hunks" ] || return 1
    cp "$work/hunks" "$state/proto.hunks" || return 1
    sum "$work/edited" > "$state/proto.checksum" || return 1
    : > "$state/installed" || return 1
    listed > "$work/listed" || return 1
    while read -r source place; do
        if [ ! -e "$root/$place" ] || ! is_ours "$place" "$source"; then continue; fi
        echo "$(sum "$native/$source") $place" >> "$state/installed"
        git -C "$root" cat-file -e "HEAD:./$place" 2> "$work/errors" || continue
        mkdir -p "$(dirname "$state/backup/$place")" || return 1
        git -C "$root" cat-file --filters "HEAD:./$place" > "$state/backup/$place" || return 1
    done < "$work/listed"
    find_base
}

# What a person does where the record is lost and git cannot help.
by_hand() {
    echo "$root has no .atl-margin, the record that an installation leaves there, and no git commit from before it;" \
        "take the layer out by hand:"
    listed | while read -r source place; do
        if [ -e "$root/$place" ] && is_ours "$place" "$source"; then echo "  delete $place"; fi
    done
    awk -v path="$proto_path" '
        /^message MarginInnerProductParameter/ { first = NR }
        first && !last && /^}/ { last = NR }
        /margin_inner_product_param *= *147/ { field = NR }
        /[ \t]swish_param *=/ && !/= *147/ { swish = NR }
        /last added: margin_inner_product_param/ { comment = NR }
        END {
            if (first)
                printf("  in %s delete lines %d to %d, message MarginInnerProductParameter, and its comment\n",
                    path, first, last)
            if (field) print "  in " path " delete line " field ", the field margin_inner_product_param"
            if (swish) print "  in " path ":" swish " give swish_param its number 147 back, if it had that"
            if (comment) print "  in " path ":" comment " the comment that tells the next free number was changed"
        }' "$proto"
    echo "or put $proto_path of this Caffe back from where you had it"
}

# Those that were made, and hold nothing else.
remove_folders() {
    printf '%s\n' include/atl/margin include/atl/common include/atl/cuda include/atl > "$work/folders"
    if [ -f "$state/folders" ]; then cat "$state/folders" >> "$work/folders"; fi
    sort -ru "$work/folders" > "$work/deepest_first"
    while read -r folder; do
        if [ -d "$root/$folder" ] && [ -z "$(ls -A "$root/$folder")" ]; then rmdir "$root/$folder"; fi
    done < "$work/deepest_first"
}

take_out() {
    if [ ! -d "$state" ] && [ -d "$done" ]; then
        [ -n "$dry" ] || rm -rf "$done"
        echo "taken out of $root already"
        return
    fi
    if [ ! -d "$state" ]; then
        if ! grep -q 'MarginInnerProductParameter' "$proto" && [ ! -d "$root/include/atl/margin" ]; then
            die "there is nothing to take out: $root has no .atl-margin, which an installation leaves there"
        fi
        rebuild_record || die "$(by_hand)"
        echo "note: the record .atl-margin is lost; what was there before is taken from git's last commit"
    fi
    [ ! -f "$state/lost" ] || die "$(by_hand)"
    find_base || die "$proto_path was changed at lines that this script had written; take MarginInnerProductParameter out by hand, or put back .atl-margin/backup/$proto_path"
    recorded > "$work/paths"
    while read -r path; do
        if [ -e "$root/$path" ] && ! untouched "$path" && [ -e "$root/$path.edited" ]; then
            die "$path was changed since it was installed, and $path.edited, where that would be kept, is there already"
        fi
    done < "$work/paths"

    if [ -n "$dry" ]; then show_diff "$proto" "$work/base"; else writing=1; fi
    if [ -z "$dry" ] && ! cmp -s "$work/base" "$proto"; then put "$work/base" "$proto"; fi
    while read -r path; do
        if [ -e "$root/$path" ] && ! untouched "$path"; then
            echo "$path was changed since it was installed: kept as $path.edited"
            [ -n "$dry" ] || mv "$root/$path" "$root/$path.edited"
        fi
        if [ -e "$state/backup/$path" ]; then
            echo "restore $path"
            if [ -z "$dry" ] && ! cmp -s "$state/backup/$path" "$root/$path"; then
                put "$state/backup/$path" "$root/$path"
            fi
        elif [ -e "$root/$path" ]; then
            echo "delete $path"
            [ -n "$dry" ] || rm -f "$root/$path"
        fi
    done < "$work/paths"
    if [ -n "$dry" ]; then
        echo "dry run: nothing was changed"
        return
    fi
    # What an installation that was killed had not moved into place yet.
    echo "$proto_path" >> "$work/paths"
    while read -r path; do rm -f "$(real "$root/$path").atl-new"; done < "$work/paths"
    remove_folders
    # In one step: half a record would be none.
    if [ -d "$root/.atl-margin" ]; then mv "$root/.atl-margin" "$done"; fi
    rm -rf "$done"
    writing=
    echo "taken out of $root; build it again"
}

# Writes to $work/todo what is to be done with each file: "new|update|replace SOURCE PLACE".
plan_files() {
    : > "$work/todo"
    [ -z "$proto_only" ] || return 0
    listed > "$work/listed"
    while read -r source place; do
        case $place in src/caffe/test/*) [ -n "$tests" ] || is_recorded "$place" || continue ;; esac
        if [ ! -e "$root/$place" ]; then
            echo "new $source $place"
        elif cmp -s "$native/$source" "$root/$place"; then
            continue
        elif ! is_recorded "$place"; then
            if is_ours "$place" "$source"; then echo "update $source $place"; else echo "replace $source $place"; fi
        elif untouched "$place"; then
            echo "update $source $place"
        else
            echo "$place" >> "$work/touched"
        fi
    done < "$work/listed" > "$work/todo"
    [ ! -s "$work/touched" ] || die "changed since they were installed, so not overwritten (--uninstall keeps them under another name): $(tr '\n' ' ' < "$work/touched")"
}

# The folders that have to be made for the files of $work/todo.
missing_folders() {
    while read -r _ _ place; do
        folder=$(dirname "$place")
        while [ ! -d "$root/$folder" ]; do
            echo "$folder"
            folder=$(dirname "$folder")
        done
    done < "$work/todo"
}

# Where a build by Caffe's Makefile leaves the C++ standard to the compiler, says which line to add.
standard_notice() {
    [ -z "$proto_only" ] && [ -f "$root/Makefile" ] || return 0
    cat "$root/Makefile" "$root/Makefile.config" 2> "$work/errors" | sed 's/#.*//' \
        | grep -qE -e '-std=(c|gnu)[+][+](0x|1[1-9yz]|2[0-9a-z])' && return 0
    echo 'the Makefile names no C++ standard: where the compiler takes C++98 (GCC before 6),' \
        'add to Makefile.config the line  COMMON_FLAGS += -std=c++11'
}

put_in() {
    if [ -z "$dry" ]; then rm -rf "$done"; fi
    lost=
    if [ ! -d "$state" ] && [ -d "$root/include/atl/margin" ]; then
        if (rebuild_record); then
            [ -n "$dry" ] || mv "$work/record" "$state"
            echo "note: the record .atl-margin was lost, and is made anew from git's last commit"
        else
            lost=1
            echo "note: the record .atl-margin is lost and git cannot help: --uninstall will say what to do by hand"
        fi
    fi
    if find_base; then
        edit "$work/base" || die "$(cat "$work/errors")"
    else
        # The lines this script wrote were edited. That is well so long as nothing is missing.
        edit "$proto" || die "$(cat "$work/errors")"
        [ ! -s "$work/hunks" ] || die "$proto_path was changed at lines that this script had written, and is not complete any more; --uninstall first, or mend it by hand"
        cp "$proto" "$work/edited"
    fi
    plan_files

    proto_changes=
    cmp -s "$work/edited" "$proto" || proto_changes=1
    if [ -n "$proto_changes" ] || [ -s "$work/todo" ]; then standard_notice >> "$work/notices"; fi
    if [ -n "$proto_changes" ] || [ -s "$work/todo" ] || [ -n "$dry" ]; then sed 's/^/note: /' "$work/notices"; fi
    if [ -n "$dry" ] && [ -n "$proto_changes" ]; then show_diff "$proto" "$work/edited"; fi
    while read -r action _ place; do echo "$action $place"; done < "$work/todo"
    if [ -z "$proto_changes" ] && [ ! -s "$work/todo" ]; then
        echo "nothing to do: $root has the layer already"
        return
    fi
    if [ -n "$dry" ]; then
        echo "dry run: nothing was changed"
        return
    fi

    # First what an --uninstall needs, so that one can follow whatever happens.
    writing=1
    mkdir -p "$state/backup"
    echo '*' > "$state/.gitignore"
    [ -z "$lost" ] || : > "$state/lost"
    missing_folders > "$work/folders"
    if [ -f "$state/folders" ]; then cat "$state/folders" >> "$work/folders"; fi
    keep "$work/folders" folders
    : > "$work/installed"
    if [ -f "$state/installed" ]; then cat "$state/installed" > "$work/installed"; fi
    while read -r action source place; do
        [ "$action" != replace ] || keep "$root/$place" "backup/$place"
        checksum=$(sum "$native/$source")
        echo "$checksum $place" >> "$work/installed"
    done < "$work/todo"
    keep "$work/installed" installed
    if [ -n "$proto_changes" ]; then
        keep "$work/base" "backup/$proto_path"
        sum "$work/edited" > "$work/checksum"
        keep "$work/checksum" proto.checksum.next
        keep "$work/hunks" proto.hunks.next
    fi

    while read -r _ source place; do put "$native/$source" "$root/$place"; done < "$work/todo"
    if [ -n "$proto_changes" ]; then
        put "$work/edited" "$proto"
        mv -f "$state/proto.hunks.next" "$state/proto.hunks"
        mv -f "$state/proto.checksum.next" "$state/proto.checksum"
        echo "edit $proto_path"
    fi
    writing=
    echo "installed in $root; build it as usual, and 'install.sh $root --uninstall' takes it out again"
}

if [ -n "$uninstall" ]; then take_out; else put_in; fi
