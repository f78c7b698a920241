# SPDX-License-Identifier: Apache-2.0
"""What the tables of measurements have in common: the machine, and their place in a page of the docs."""
import os
import pathlib
import platform
import sys


def machine():
    """CPUs and kernel, in a few words."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
    return f"{os.cpu_count()} CPUs ({cpu}), Linux {platform.release()}"


def put_between(path, begin, end, text):
    """Replaces what stands between two marker lines of a page."""
    page = pathlib.Path(path).read_text(encoding="utf-8")
    if begin not in page or end not in page:
        sys.exit(f"{path} lacks the lines {begin} and {end}")
    head, rest = page.split(begin)
    pathlib.Path(path).write_text(head + begin + "\n" + text + end + rest.split(end)[1], encoding="utf-8")
