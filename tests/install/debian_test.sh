#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: debian_test.sh bookworm|trixie [PACKAGE]
# Builds Snag's package for that release unless it is given (as root, with a mirror in reach), installs it with apt on a bare system of it, sees it work,
# removes it, which leaves nothing, and does there what the pages of the sample projects say.
set -euo pipefail
[ -n "${SNAG_TEST_MOUNTS:-}" ] || exec unshare --mount env SNAG_TEST_MOUNTS=own "$0" "$@"
suite=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$root/build/packages/$suite
bare=$work/bare

fail() {
  printf '%s\n' "$*"
  exit 1
}
inside() { chroot "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
apt_install() { inside apt-get install -q -y --no-install-recommends "$@" >"$work/apt.log" 2>&1 || fail "apt cannot install $*" "$(tail -n 20 "$work/apt.log")"; }

package=${2:-}
[ -n "$package" ] || package=$("$root/.ci/package.sh" "$suite")
rm -rf "$bare"
mkdir -p "$work"
debootstrap --variant=minbase "$suite" "$bare" >"$work/debootstrap.log"
mkdir "$bare/source"
mount -t proc proc "$bare/proc"
mount --bind /dev "$bare/dev"
mount --bind "$root" "$bare/source"
mount -o remount,bind,ro "$bare/source"
cp "$package" "$bare/tmp"
inside apt-get update -q >"$work/apt.log"

apt_install "/tmp/${package##*/}"
said=$(inside snag doctor || true)
grep -q '^ok    a racing program is compiled, run, and reported$' <<<"$said" || fail "snag doctor says: $said"
printf '#include <snag/chan.h>\nvoid f(snag::chan<int> c) { c.close(); c.close(); }\n' >"$bare/tmp/vet.cpp"
said=$(inside snag vet /tmp/vet.cpp 2>&1 || true)
grep -q 'snag-close-after-close' <<<"$said" || fail "snag vet says: $said"
inside apt-get purge -q -y --autoremove snag >"$work/apt.log" 2>&1
left=$(find "$bare" \( -path "$bare/source" -o -path "$bare/proc" -o -path "$bare/dev" -o -path "$bare/tmp" \) -prune -o -name '*snag*' -print)
[ -z "$left" ] || fail "purging leaves $left"

apt_install "/tmp/${package##*/}" cmake make meson patch python3 g++ ninja-build ccache clang-tidy-19 libclang-rt-19-dev
for project in cmake make meson; do
  inside python3 -B /source/tests/install/readme_test.py /usr "/source/testprograms/projects/$project" || fail "the project of $project fails"
done
inside python3 -B /source/tests/install/cmake_test.py /usr --without-sources || fail "CMake's functions fail"
echo "$suite: works"
