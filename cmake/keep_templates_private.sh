#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: keep_templates_private.sh ARCHIVE
# Makes local, in each object of the archive, its copies of other people's inline functions and templates (std, fmt,
# boost). Otherwise the linker keeps one copy of std::string::append and its like for the whole program, the user's,
# which is instrumented, and the library's own memory is checked as if it were the user's. Data (RTTI, vtables, static
# locals) stays shared. So does std::rethrow_exception, which is there to be called by the program. Functions for strings
# become weak: a program may have its own in place of libc's, and then has its own in place of ours. (Not malloc: it is
# called before anything could be set up.) Idempotent.
set -euo pipefail
archive=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
declare -A seen
objects=()
while read -r member; do
  seen[$member]=$((${seen[$member]:-0} + 1)) # members of one name are told apart by their place
  ar xN "${seen[$member]}" "$archive" "$member"
  made=${#objects[@]}-$member
  ld -r --force-group-allocation -o "$made" "$member"
  nm "$made" | awk '$2 == "W" { print $3 }' |
    grep -E '^_Z(N|NK)?(St|S[absiod]|9__gnu_cxx|3fmt|5boost|8nlohmann)' |
    grep -v '^_ZSt17rethrow_exception' >names || true
  if [[ -s names ]]; then objcopy --localize-symbols=names "$made"; fi
  # g++ makes static locals of inline functions "unique", which without their groups would be defined twice.
  nm "$made" | awk '$2 == "u" { print $3 }' >names
  if [[ -s names ]]; then objcopy --weaken-symbols=names "$made"; fi
  nm "$made" | awk '$2 == "T" { print $3 }' | grep -E \
    '^((str|wcs|wmem)[a-z_]*|mem(cmp|chr|rchr|mem|cpy|move|set)|bcmp|stpcpy|qsort|ato(i|l|ll|f))$' \
    >names || true
  if [[ -s names ]]; then objcopy --weaken-symbols=names "$made"; fi
  objects+=("$made")
done < <(ar t "$archive")
ar rcsD private.a "${objects[@]}"
cp private.a "$archive"
