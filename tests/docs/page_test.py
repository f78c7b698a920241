# SPDX-License-Identifier: Apache-2.0
"""usage: page_test.py PREFIX PAGE

Does what a page says, in an empty directory outside the tree, with the Snag that is installed in PREFIX. In document order:
`<!-- file NAME -->` makes a file of the block below it; `<!-- file NAME: replace -->` and `<!-- file NAME: by -->` exchange one
block for another in it; of a block ```console, what stands after "$ " is typed, the other lines must stand in its output, in
their order, and "$ echo $?" tells its status, which otherwise is 0. Prints how long each command took, and of that on a processor.
"""
import pathlib
import re
import resource
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "install"))
from support import check, run  # noqa: E402  (it lies in another folder)

BLOCK = re.compile(r"(?:<!-- file (?P<file>\S+?)(?:: (?P<part>replace|by))? -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.S | re.M)


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def commands(block: str) -> list[tuple[str, list[str], int]]:
    result: list = []
    for line in block.splitlines():
        if line == "$ echo $?":
            result[-1][2] = None
        elif line.startswith("$ "):
            result.append([line[2:], [], 0])
        elif result[-1][2] is None:
            result[-1][2] = int(line)
        else:
            result[-1][1].append(line)
    return [tuple(step) for step in result]


def follow(page: str, prefix: pathlib.Path, scratch: pathlib.Path) -> int:
    """The number of commands typed."""
    replaced, typed = "", 0
    for block in BLOCK.finditer(page):
        text = block["text"]
        if block["file"]:
            file = scratch / block["file"]
            if block["part"] == "replace":
                replaced = text
            elif block["part"] == "by":
                before = file.read_text()
                check(f"{file.name} does not have what is to be replaced once", before.count(replaced) == 1, replaced)
                file.write_text(before.replace(replaced, text))
            else:
                file.write_text(text)
        elif block["language"] == "console":
            for command, lines, status in commands(text):
                begin, before = time.monotonic(), processor_seconds()
                output = run(command, scratch, status, prefix)
                print(f"{time.monotonic() - begin:6.1f} s, {processor_seconds() - before:5.1f} s of a processor: {command}", flush=True)
                typed += 1
                at = 0
                for line in lines:
                    at = output.find(line, at)
                    check(f"{command}: no {line!r}, or not in this order", at >= 0, output)
                    at += len(line)
    return typed


def main() -> None:
    prefix, page = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="snag-page-") as scratch:
        typed = follow(page.read_text(encoding="utf-8"), prefix, pathlib.Path(scratch))
    check("the page has no commands", typed > 0)


if __name__ == "__main__":
    main()
