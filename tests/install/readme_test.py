#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: readme_test.py PREFIX PROJECT

Does what the project's README.md says, in a copy outside the tree, with the Snag that is installed in PREFIX. In a block
```console, what stands after "$ " is typed; the other lines must stand in its output, in their order; "$ echo $?" tells its
status, which otherwise is 0.
"""
import pathlib
import re
import shutil
import sys
import tempfile

from support import check, run

ASKS_STATUS = "echo $?"


def steps(text):
    """(command, lines of its output, status)"""
    result = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.S | re.M):
        for line in block.splitlines():
            if line == "$ " + ASKS_STATUS:
                result[-1][2] = None
            elif line.startswith("$ "):
                result.append([line[2:], [], 0])
            elif result[-1][2] is None:
                result[-1][2] = int(line)
            else:
                result[-1][1].append(line)
    return result


prefix, project = (pathlib.Path(word).resolve() for word in sys.argv[1:])
typed = steps((project / "README.md").read_text())
check("the page never says that a check fails", any(status for _, _, status in typed))
with tempfile.TemporaryDirectory(prefix="snag-project-") as scratch:
    copy = pathlib.Path(scratch) / project.name
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("build*"))
    for command, lines, status in typed:
        output = run(command, copy, status, prefix)
        at = 0
        for line in lines:
            at = output.find(line, at)
            check(f"{command}: no {line!r}, or not in this order", at >= 0, output)
            at += len(line)
