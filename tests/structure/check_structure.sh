#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_structure.sh ROOT
# The rules of the house that a compiler does not check: which folder may include what of which other, a
# licence line in each source, few CMake options, sources listed by name. One line a violation; status 1 if
# there are any.
set -euo pipefail
root=$(cd "$1" && pwd -P)
cd "$root"
violations=0

violation() {
  printf '%s\n' "$*"
  violations=$((violations + 1))
}

files() { # files FOLDER PATTERN…
  local folder=$1 names=()
  shift
  for pattern in "$@"; do names+=(-o -name "$pattern"); done
  if [ -d "$folder" ]; then find "$folder" -type f \( "${names[@]:1}" \) -not -path './build/*' | sort; fi
}

# Quoted includes of FOLDER that do not match ALLOWED; those of the folder itself always do.
includes() { # includes FOLDER ALLOWED WHY
  local folder=$1 allowed=$2 why=$3 file number text include
  while IFS=: read -r file number text; do
    include=$(sed -nE 's/^[^"<]*["<]([^">]+)[">].*/\1/p' <<<"$text")
    case "$include" in
      # (Test programs are built by themselves, without the root among their folders.)
      ../* | */../*)
        case "$file" in
          testprograms/*) ;;
          *) violation "$file:$number: includes \"$include\": name the file from the root" ;;
        esac
        ;;
      "$folder"/*) ;;
      *) [[ $include =~ ^($allowed) ]] || violation "$file:$number: includes \"$include\": $why" ;;
    esac
  done < <(files "$folder" '*.h' '*.cpp' '*.c' '*.S' | xargs -r grep -HnE "$quoted_folder" || true)
}
# An include that climbs, or that starts with one of our folders.
quoted_folder='^[[:space:]]*#[[:space:]]*include[[:space:]]*["<](\.\./|.*/\.\./|(runtime|detector|clang-plugin|cli|tests|testprograms|bench)/)'

includes runtime 'no-other-folder' 'the runtime knows nothing of the other folders'
includes detector 'runtime/[a-z_]+\.h$' 'the detector sees only the seams of the runtime (runtime/*.h)'
includes clang-plugin 'detector/hooks\.h$' 'the plugin knows only the list of hooks'
includes cli 'detector/(finding|fingerprint|hooks|render_[a-z]+)\.h$' 'the command line sees finding data only'
includes testprograms 'no-other-folder' 'a test program is a user: it includes <snag/…>'

while IFS= read -r file; do
  violation "$file: no SPDX line"
done < <(files . '*.h' '*.cpp' '*.c' '*.S' '*.sh' '*.py' '*.cmake' CMakeLists.txt Makefile dev run |
  xargs -r grep -L 'SPDX-License-Identifier: Apache-2.0' || true)

mapfile -t cmake_files < <(files . CMakeLists.txt '*.cmake')
if [ "${#cmake_files[@]}" -gt 0 ]; then
  options=$(grep -hE '^[[:space:]]*(option|cmake_dependent_option)\(|^[[:space:]]*set\(SNAG_.* CACHE ' "${cmake_files[@]}" | wc -l)
  if [ "$options" -gt 5 ]; then violation "$options CMake options: at most five"; fi
  # Test programs are inputs, not sources of a target: a program is a test by being there.
  while IFS= read -r line; do
    violation "$line: sources are listed by name, not globbed"
  done < <(grep -HnEi '^[^#]*(file\([[:space:]]*GLOB|aux_source_directory)' "${cmake_files[@]}" | grep -v '^./tests/programs/' || true)
fi

if [ "$violations" -gt 0 ]; then
  printf '%s\n' "$violations violations"
  exit 1
fi
