#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_format.sh ROOT
# Are the committed sources formatted? Names those that are not.
set -euo pipefail
cd "$1"
git -c safe.directory="$PWD" ls-files -- '*.h' '*.cpp' '*.c' | while IFS= read -r file; do
  if [ -e "$file" ]; then printf '%s\0' "$file"; fi
done | xargs -0 -r clang-format-19 --dry-run -Werror
