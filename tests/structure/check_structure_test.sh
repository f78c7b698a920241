#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_structure_test.sh
# Tests check_structure.sh: an orderly tree passes, and each kind of disorder fails with a message that names it.
set -euo pipefail
check="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/check_structure.sh"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

plant() { # plant FILE LINES…
  mkdir -p "$tree/$(dirname "$1")"
  local file="$tree/$1"
  shift
  printf '%s\n' "$@" >"$file"
}

orderly_tree() {
  rm -rf "${tree:?}"/*
  local licence='// SPDX-License-Identifier: Apache-2.0'
  plant runtime/src/a.cpp "$licence" '#include "runtime/events.h"' '#include <vector>'
  plant detector/src/b.cpp "$licence" '#include "runtime/events.h"' '#include "detector/hooks.h"'
  plant clang-plugin/src/c.cpp "$licence" '#include "detector/hooks.h"' '#include "clang-plugin/src/d.h"'
  plant cli/e.cpp "$licence" '#include "detector/finding.h"' '#include "cli/e.h"'
  plant testprograms/f.cpp "$licence" '#include <snag/snag.h>'
  plant CMakeLists.txt '# SPDX-License-Identifier: Apache-2.0' 'option(A "" ON)' 'add_library(x a.cpp)'
}

expect_pass() {
  if ! bash "$check" "$tree" >"$tree/output.txt"; then
    printf 'expected no violation, got:\n%s\n' "$(cat "$tree/output.txt")"
    failed=1
  fi
}

expect_violation() { # expect_violation TEXT
  if bash "$check" "$tree" >"$tree/output.txt"; then
    echo "not noticed: $1"
    failed=1
  elif ! grep -qF -- "$1" "$tree/output.txt"; then
    printf 'expected "%s", got:\n%s\n' "$1" "$(cat "$tree/output.txt")"
    failed=1
  fi
  orderly_tree
}

append() { printf '%s\n' "$2" >>"$tree/$1"; }

orderly_tree
expect_pass

append runtime/src/a.cpp '#include "detector/hooks.h"'
expect_violation 'runtime/src/a.cpp:4: includes "detector/hooks.h"'
append runtime/src/a.cpp '#  include <cli/e.h>'
expect_violation 'runtime/src/a.cpp:4: includes "cli/e.h"'
append detector/src/b.cpp '#include "clang-plugin/src/d.h"'
expect_violation 'detector/src/b.cpp:4: includes "clang-plugin/src/d.h"'
append detector/src/b.cpp '#include "runtime/src/scheduler.h"'
expect_violation 'detector/src/b.cpp:4: includes "runtime/src/scheduler.h"'
append clang-plugin/src/c.cpp '#include "detector/src/race.h"'
expect_violation 'clang-plugin/src/c.cpp:4: includes "detector/src/race.h"'
append cli/e.cpp '#include "runtime/src/scheduler.h"'
expect_violation 'cli/e.cpp:4: includes "runtime/src/scheduler.h"'
append runtime/src/a.cpp '#include "../../detector/hooks.h"'
expect_violation 'name the file from the root'
append testprograms/f.cpp '#include "runtime/events.h"'
expect_violation 'testprograms/f.cpp:3: includes "runtime/events.h"'
plant detector/src/g.h '#pragma once'
expect_violation 'detector/src/g.h: no SPDX line'
append CMakeLists.txt 'file(GLOB sources *.cpp)'
expect_violation 'CMakeLists.txt:4:'
for option in B C D E F; do append CMakeLists.txt "option($option \"\" ON)"; done
expect_violation '6 CMake options'

exit "$failed"
