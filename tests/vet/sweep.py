#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: sweep.py SNAG programs|headers [--every N]

Runs `snag vet` over code that is right, where it has to find nothing:
  programs   the test programs whose verdict is clean or norace, and the mended twins of testprograms/goker
  headers    all that the headers of Boost, fmt, nlohmann-json, GoogleTest and Snag define, read as the user's own
With --every N only each N-th program or header.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]

# Boost's headers that start threads, lock or are much included; of the others, what they include.
HEADERS = """
boost/thread.hpp boost/asio.hpp boost/asio/spawn.hpp boost/lockfree/queue.hpp boost/lockfree/spsc_queue.hpp
boost/interprocess/sync/interprocess_mutex.hpp boost/fiber/all.hpp boost/atomic.hpp boost/smart_ptr.hpp
boost/signals2.hpp boost/log/sources/logger.hpp boost/unordered/unordered_flat_map.hpp boost/multi_index_container.hpp
boost/circular_buffer.hpp boost/heap/fibonacci_heap.hpp boost/pool/pool.hpp boost/program_options.hpp
boost/serialization/serialization.hpp boost/coroutine2/all.hpp boost/beast.hpp
fmt/core.h fmt/format.h fmt/ranges.h fmt/chrono.h fmt/std.h fmt/color.h fmt/ostream.h
nlohmann/json.hpp gtest/gtest.h gmock/gmock.h
thread future mutex condition_variable regex
snag/snag.h snag/asio.h snag/stop_token.h snag/leak_check.h
""".split()

# What makes templates of them.
USES = """
void use_json() { nlohmann::json j = nlohmann::json::parse("[1]"); (void)j.dump(); }
"""


def programs():
    found = []
    for path in sorted((SOURCE / "testprograms").rglob("*.c*")):
        if path.suffix not in (".c", ".cpp") or "projects" in path.parts:
            continue
        if path.stem.startswith(("clean_", "norace_")) or path.stem.endswith("_fixed"):
            found.append(path)
    return found


def vet(snag, files, flags, more=()):
    words = [snag, "vet", "--format", "json", *more, *map(str, files), "--", *flags]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode not in (0, 1, 66):
        sys.exit(f"{' '.join(words[:4])} … ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def main():
    arguments = argparse.ArgumentParser(usage=__doc__)
    arguments.add_argument("snag")
    arguments.add_argument("what", choices=["programs", "headers"])
    arguments.add_argument("--every", type=int, default=1)
    asked = arguments.parse_args()
    if asked.what == "programs":
        files = programs()[:: asked.every]
        least = len(files)
        groups = [([f for f in files if f.suffix == ".cpp"], ["-std=c++20"]), ([f for f in files if f.suffix == ".c"], ["-std=c17", "-D_GNU_SOURCE"])]
        reports = [vet(asked.snag, some, [*flags, f"-I{SOURCE}/runtime/include"]) for some, flags in groups if some]
    else:
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for header in HEADERS[:: asked.every]:
                path = pathlib.Path(folder) / (header.replace("/", "_") + ".cpp")
                path.write_text(f"#include <{header}>\n" + (USES if header.startswith("nlohmann") else ""))
                files.append(path)
            reports = [vet(asked.snag, files, ["-std=c++20", f"-I{SOURCE}/runtime/include"], ["--system-headers"])]
        least = len(files) * 3 // 4  # (a header may not be installed)
    read = sum(report["sources"] for report in reports)
    for report in reports:
        for f in report["findings"]:
            print(f"{f['file']}:{f['line']}:{f['column']}: {f['message']} [snag-{f['rule']}]")
        for f in report["failed"]:
            print(f"{f['file']}: not checked: {f['reason']}")
    found = sum(len(report["findings"]) for report in reports)
    print(f"{found} findings in {read} sources")
    sys.exit(found != 0 or read < least or read == 0)


main()
