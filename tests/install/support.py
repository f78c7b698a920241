# SPDX-License-Identifier: Apache-2.0
"""What the tests of an installed Snag share: commands that must end in a certain way, in a directory outside the tree."""
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CHOSEN = ("CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "MAKEFLAGS", "SNAG_OPTIONS", "CMAKE_GENERATOR")


def check(what, holds, output=""):
    if not holds:
        sys.exit(f"{what}\n{output}")


def run(words, directory, status=0, prefix=None, **variables):
    """The output, standard error included. The environment is the caller's without what chooses compilers."""
    environment = {name: value for name, value in os.environ.items() if name not in CHOSEN} | variables
    if prefix is not None:
        environment |= {"SNAG": str(prefix), "PATH": f"{prefix}/bin:{environment['PATH']}"}
    words = ["bash", "-c", words] if isinstance(words, str) else [str(word) for word in words]
    done = subprocess.run(words, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=1200)
    check(f"{words} ends with {done.returncode}, not with {status}", status is None or done.returncode == status, done.stdout)
    return done.stdout
