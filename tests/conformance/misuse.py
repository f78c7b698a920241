#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: misuse.py FILE COMPILER [ARGUMENTS…]

FILE must not compile, and the first line of the compiler's message must say what FILE's `// expect:` line does."""
import subprocess
import sys

file, *compiler = sys.argv[1:]
with open(file, encoding="utf-8") as f:
    expected = next(line for line in f if line.startswith("// expect: ")).removeprefix("// expect: ").strip()
run = subprocess.run([*compiler, "-fsyntax-only", file], capture_output=True, text=True, check=False)
if run.returncode == 0:
    sys.exit(f"{file} compiles")
errors = [line for line in run.stderr.splitlines() if "error:" in line]
if not errors or expected not in errors[0]:
    sys.exit(f"{file}: expected the first error to say\n  {expected}\nbut the compiler said\n{run.stderr}")
print(errors[0])
