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

# What an installation leaves in the tree: `installed` (checksum, size and path of each file that was written), backup/ (the files that were
# there before), and for caffe.proto `proto.hunks` and `proto.checksum`.
state=$root/.atl-margin
proto_path=src/caffe/proto/caffe.proto
proto=$root/$proto_path
work=${TMPDIR:-/tmp}/atl-margin.$$

die() {
    echo "install.sh: $*" >&2
    echo "install.sh: nothing was changed" >&2
    exit 1
}

[ -f "$proto" ] || die "$root is not a Caffe source tree: it has no $proto_path"
(umask 077 && mkdir "$work")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: > "$work/notices"

# Checksum and size of a file.
sum() { cksum < "$1" | awk '{ print $1 " " $2 }'; }

# 1 where a file's last line ends with a newline.
ended() { if [ -z "$(tail -c 1 "$1")" ]; then echo 1; else echo 0; fi; }

# Whether a file is as it was installed.
untouched() { [ "$(sum "$root/$1")" = "$(awk -v path="$1" '{ p = $0; sub(/^[0-9]+ [0-9]+ /, "", p) } p == path { print $1 " " $2 }' "$state/installed")" ]; }

is_recorded() { [ -f "$state/installed" ] && awk -v path="$1" '{ sub(/^[0-9]+ [0-9]+ /, "") } $0 == path { found = 1 } END { exit !found }' "$state/installed"; }

# Gives a file of the tree the content of another, in one step.
put() {
    mkdir -p "$(dirname "$2")"
    if [ -L "$2" ]; then
        cat "$1" > "$2"
        return
    fi
    if [ -e "$2" ]; then cp -p "$2" "$2.atl-new"; fi
    cat "$1" > "$2.atl-new"
    mv -f "$2.atl-new" "$2"
}

# Writes to $work/base what caffe.proto would be had this script never run. Fails where its lines were edited since.
find_base() {
    cp "$proto" "$work/base"
    [ -f "$state/proto.hunks" ] || return 0
    if [ "$(sum "$proto")" = "$(cat "$state/proto.checksum")" ]; then
        cp "$state/backup/$proto_path" "$work/base"
    elif awk -v ended="$(ended "$proto")" -f "$here/reverse_proto.awk" "$state/proto.hunks" "$proto" > "$work/reversed"; then
        cp "$work/reversed" "$work/base"
    elif grep -q 'MarginInnerProductParameter' "$proto" && ! cmp -s "$proto" "$state/backup/$proto_path"; then
        return 1
    fi
}

# Writes the edited form of $1 to $work/edited, and to $work/hunks what was changed.
edit() {
    : > "$work/hunks"
    : > "$work/notices"
    awk -v hunks="$work/hunks" -v notices="$work/notices" -v ended="$(ended "$1")" -f "$here/edit_proto.awk" "$1" > "$work/edited" 2> "$work/errors"
}

show_diff() { diff -u -L "a/$proto_path" -L "b/$proto_path" "$1" "$2" || true; }

remove_folders() {
    for folder in include/atl/margin include/atl/common include/atl/cuda include/atl; do
        if [ -d "$root/$folder" ]; then rmdir "$root/$folder" 2> "$work/errors" || :; fi
    done
}

take_out() {
    [ -d "$state" ] || die "there is nothing to take out: $root has no .atl-margin, which an installation leaves there"
    find_base || die "$proto_path was changed at lines that this script had written; take MarginInnerProductParameter out by hand, or put back .atl-margin/backup/$proto_path"
    while read -r _ _ path; do
        if [ -e "$root/$path" ] && ! untouched "$path" && [ -e "$root/$path.edited" ]; then
            die "$path was changed since it was installed, and $path.edited, where that would be kept, is there already"
        fi
    done < "$state/installed"

    if [ -n "$dry" ]; then show_diff "$proto" "$work/base"; fi
    if [ -z "$dry" ] && ! cmp -s "$work/base" "$proto"; then put "$work/base" "$proto"; fi
    while read -r _ _ path; do
        if [ -e "$root/$path" ] && ! untouched "$path"; then
            echo "$path was changed since it was installed: kept as $path.edited"
            [ -n "$dry" ] || mv "$root/$path" "$root/$path.edited"
        fi
        if [ -e "$state/backup/$path" ]; then
            echo "restore $path"
            [ -n "$dry" ] || put "$state/backup/$path" "$root/$path"
        elif [ -e "$root/$path" ]; then
            echo "delete $path"
            [ -n "$dry" ] || rm -f "$root/$path"
        fi
    done < "$state/installed"
    if [ -n "$dry" ]; then
        echo "dry run: nothing was changed"
        return
    fi
    rm -rf "$state"
    remove_folders
    echo "taken out of $root; build it again"
}

# Writes to $work/todo what is to be done with each file: "new|update|replace SOURCE PLACE".
plan_files() {
    : > "$work/todo"
    [ -z "$proto_only" ] || return 0
    while read -r source place; do
        case $source in '#'* | '') continue ;; esac
        case $place in src/caffe/test/*) [ -n "$tests" ] || is_recorded "$place" || continue ;; esac
        if [ ! -e "$root/$place" ]; then
            echo "new $source $place"
        elif cmp -s "$native/$source" "$root/$place"; then
            continue
        elif ! is_recorded "$place"; then
            echo "replace $source $place"
        elif untouched "$place"; then
            echo "update $source $place"
        else
            echo "$place" >> "$work/touched"
        fi
    done < "$here/files.txt" > "$work/todo"
    [ ! -s "$work/touched" ] || die "changed since they were installed, so not overwritten (--uninstall keeps them under another name): $(tr '\n' ' ' < "$work/touched")"
}

put_in() {
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
    if [ -n "$proto_changes" ] || [ -n "$dry" ]; then sed 's/^/note: /' "$work/notices"; fi
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
    mkdir -p "$state/backup"
    echo '*' > "$state/.gitignore"
    if [ -f "$state/installed" ]; then cp "$state/installed" "$work/installed"; else : > "$work/installed"; fi
    while read -r action source place; do
        if [ "$action" = replace ]; then
            mkdir -p "$(dirname "$state/backup/$place")"
            cp -p "$root/$place" "$state/backup/$place"
        fi
        awk -v path="$place" '{ p = $0; sub(/^[0-9]+ [0-9]+ /, "", p) } p != path' "$work/installed" > "$work/others"
        { cat "$work/others"; echo "$(sum "$native/$source") $place"; } > "$work/installed"
    done < "$work/todo"
    cp "$work/installed" "$state/installed"
    if [ -n "$proto_changes" ]; then
        mkdir -p "$(dirname "$state/backup/$proto_path")"
        cat "$work/base" > "$state/backup/$proto_path"
        cp "$work/hunks" "$state/proto.hunks"
        sum "$work/edited" > "$state/proto.checksum"
    fi

    while read -r _ source place; do put "$native/$source" "$root/$place"; done < "$work/todo"
    if [ -n "$proto_changes" ]; then
        put "$work/edited" "$proto"
        echo "edit $proto_path"
    fi
    echo "installed in $root; build it as usual, and 'install.sh $root --uninstall' takes it out again"
}

if [ -n "$uninstall" ]; then take_out; else put_in; fi
