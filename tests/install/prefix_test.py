#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: prefix_test.py BUILD PREFIX

Installs what was built, uninstalls it, which leaves nothing, installs it again and moves it to PREFIX. There it works,
and nothing in it names the directories of the build.
"""
import os
import pathlib
import shutil
import sys

from support import SOURCE, check, run

build, prefix = (pathlib.Path(word).resolve() for word in sys.argv[1:])
before = prefix.with_name("before it was moved")
for old in (prefix, before):
    shutil.rmtree(old, ignore_errors=True)
prefix.parent.mkdir(parents=True, exist_ok=True)


def install():
    run(["cmake", "--install", build, "--prefix", before], prefix.parent)


def files(directory):
    return [path for path in directory.rglob("*") if not path.is_dir() or path.is_symlink()]


install()
users = before / "lib" / "cmake" / "another" / "config.cmake"
users.parent.mkdir(parents=True)
users.write_text("")
run(["cmake", "-D", f"MANIFEST={build}/install_manifest.txt", "-P", SOURCE / "cmake" / "uninstall.cmake"], prefix.parent)
check("uninstalling leaves or takes too much", files(before) == [users], str(files(before)))
check("uninstalling leaves directories", not list(before.rglob("snag")), str(list(before.rglob("snag"))))
shutil.rmtree(before)

install()
os.rename(before, prefix)
for path in files(prefix):
    if path.is_symlink():
        check(f"{path} leads out of the prefix", path.resolve().is_relative_to(prefix) and path.exists())
        continue
    content = path.read_bytes()
    for place in (SOURCE, build, before):
        check(f"{path} names {place}", os.fsencode(place) not in content)
for program in ("bin/snag", "lib/snag/snag-plugin.so", "lib/snag/snag-vet"):
    dynamic = run(["readelf", "-d", prefix / program], prefix)
    check(f"{program} looks for libraries in a place of its own", "RPATH" not in dynamic and "RUNPATH" not in dynamic, dynamic)
for name in ("snag", "snag-c++", "snag-cc", "snag-gdb.py", "snag.h", "snag-config.cmake", "copyright", "install.md"):
    check(f"there is no {name}", list(prefix.rglob(name)))

said = run([prefix / "bin" / "snag", "doctor"], prefix, status=None)
check("snag does not find its parts where it was moved", f"Snag's parts are in {prefix}/lib/snag" in said, said)
source = prefix.parent / "closes_twice.cpp"
source.write_text("#include <snag/chan.h>\nvoid f(snag::chan<int> c) { c.close(); c.close(); }\n")
told = run([prefix / "bin" / "snag", "vet", source], prefix, status=66)
check("snag vet does not work", "[snag-close-after-close]" in told, told)
check("a racing program does not work", "ok    a racing program is compiled, run, and reported" in said, said)
