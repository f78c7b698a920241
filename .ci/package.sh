#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: package.sh bookworm|trixie
# Builds Snag's package for Debian 12 or 13 in a chroot of that release, and prints where it is. As root, and with a Debian
# mirror in reach. The chroot is kept (build/packages), so that the next package of the same release takes less time.
set -euo pipefail
[ -n "${SNAG_PACKAGE_MOUNTS:-}" ] || exec unshare --mount env SNAG_PACKAGE_MOUNTS=own "$0" "$@"

suite=${1:?usage: package.sh bookworm|trixie}
case "$suite" in
  bookworm) boost=1.81 ;;
  trixie) boost=1.83 ;;
  *)
    echo "package.sh: no such release: $suite" >&2
    exit 64
    ;;
esac
packages=(clang-19 libclang-19-dev llvm-19-dev cmake ninja-build ccache dpkg-dev file "libboost-context$boost-dev" "libboost$boost-dev"
  libcli11-dev libfmt-dev nlohmann-json3-dev zlib1g-dev)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$root/build/packages/$suite
chroot=$work/chroot
inside() { chroot "$chroot" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@" >&2; }

mkdir -p "$work"
if [ ! -e "$work/debootstrapped" ]; then
  rm -rf "$chroot"
  debootstrap --variant=minbase "$suite" "$chroot" >&2
  : >"$work/debootstrapped"
fi
mkdir -p "$chroot/usr/src/snag" "$chroot/build"
mount -t proc proc "$chroot/proc"
mount --bind /dev "$chroot/dev"
mount --bind "$root" "$chroot/usr/src/snag"
mount -o remount,bind,ro "$chroot/usr/src/snag"
inside apt-get update -q
inside apt-get install -q -y --no-install-recommends "${packages[@]}"
inside cmake -S /usr/src/snag -B /build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang-19 \
  -DCMAKE_CXX_COMPILER=clang++-19 -DSNAG_TESTS=OFF -DSNAG_BENCH=OFF
inside cmake --build /build
rm -f "$chroot"/build/snag_*.deb "$work"/snag_*.deb
inside cpack -G DEB -B /build --config /build/CPackConfig.cmake
cp "$chroot"/build/snag_*.deb "$work"
ls "$work"/snag_*.deb
