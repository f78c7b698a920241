#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The GDB commands on a live process and on a core file: gdb_test.py PROGRAM SCRIPT"""
import os
import re
import resource
import subprocess
import sys
import tempfile

program, script = sys.argv[1:]
LOOK = ["info goroutines", "echo --one\\n", "goroutine 1 bt", "echo --all\\n", "goroutine all bt"]


def gdb(*commands, arguments=()):
    line = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-load off", "-x", script]
    for c in commands:
        line += ["-ex", c]
    done = subprocess.run(line + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    return done.stdout


failures = []


def expect(pattern, output, what):
    if not re.search(pattern, output, re.S | re.M):
        failures.append("%s: no match for %r in\n%s" % (what, pattern, output))


def check(output, what):
    expect(r"^\* 1 \[running on thread 1\]", output, what)
    receiver = r"^  \d+ \[chan receive\] \"receiver\" .*wait_for_a_value.* at .*gdb_program\.cpp:\d+, created by goroutine 1 in .*main"
    expect(receiver, output, what)
    expect(r"^  \d+ \[sleep\] \"sleeper\"[ ,]", output, what)
    expect(r"^  \d+ \[runnable, not started\] \"not begun\"", output, what)
    expect(r"--one\ngoroutine 1 \[running on thread 1\]:\n#0 .*everybody_is_placed.* main ", output, what)
    trace = re.search(r"^goroutine \d+ \[chan receive\] \"receiver\":\n(.*?)\n\n", output, re.S | re.M)
    if trace is None:
        failures.append("%s: no stack of the receiver in\n%s" % (what, output))
        return
    frames = trace.group(1)
    expect(r"wait_for_a_value .*secret=4711", frames, what + ", the receiver")
    # It ends where a goroutine begins: no frames made of what lies beyond, no complaint.
    expect(r"first_entry[^#]*\Z", frames, what + ", the receiver")
    expect(r"\A(?!.*corrupt)(?!.*Backtrace stopped)", frames, what + ", the receiver")


check(gdb("break everybody_is_placed", "run", *LOOK, arguments=[program]), "live")

# The kernel's core file. (GDB's own gcore leaves out whatever lies near a guard page.)
pattern = open("/proc/sys/kernel/core_pattern").read().strip()
if "|" in pattern or "/" in pattern:
    print("not checked: a core file, since this system's core_pattern keeps them elsewhere (%s)" % pattern)
else:
    with tempfile.TemporaryDirectory() as directory:
        unlimited = lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
        subprocess.run([program, "abort"], cwd=directory, preexec_fn=unlimited, stderr=subprocess.DEVNULL)
        cores = os.listdir(directory)
        if cores:
            check(gdb(*LOOK, arguments=[program, os.path.join(directory, cores[0])]), "core")
        else:
            failures.append("the aborted program left no core file")
print("\n".join(failures) if failures else "as expected")
sys.exit(1 if failures else 0)
