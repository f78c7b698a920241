#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: cmake_test.py PREFIX [--build-fetched | --without-sources]

find_package(snag), snag_enable_race, the toolchain file, and Snag's sources inside a project (FetchContent).
"""
import json
import pathlib
import shlex
import sys
import tempfile

from support import SOURCE, check, run

prefix = pathlib.Path(sys.argv[1]).resolve()

# Old policies, both signatures of target_link_libraries, and a program that is not checked itself.
KINDS = {
    "CMakeLists.txt": """
cmake_minimum_required(VERSION 3.10)
project(kinds C CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(Threads REQUIRED)
find_package(snag 0.1 REQUIRED)
add_library(counter STATIC counter.cpp)
target_link_libraries(counter Threads::Threads)
add_library(board SHARED board.cpp)
add_executable(app app.cpp)
target_precompile_headers(app PRIVATE <thread>)
target_link_libraries(app board counter)
add_executable(unchecked unchecked.cpp)
target_link_libraries(unchecked PRIVATE counter)
add_executable(in_c in_c.c)
target_link_libraries(in_c PRIVATE Threads::Threads)
snag_enable_race(counter board app in_c)
add_executable(goroutines goroutines.cpp)
target_link_libraries(goroutines PRIVATE snag::snag)
add_executable(both goroutines.cpp)
target_link_libraries(both PRIVATE snag::snag)
snag_enable_race(both)
""",
    "counter.h": "int count_twice();\nextern int shown;\nvoid show();\n",
    "counter.cpp": """#include "counter.h"
#include <thread>
static int of_counter;
int count_twice() {
  std::thread other([] { ++of_counter; });
  ++of_counter;
  other.join();
  return of_counter;
}
""",
    "board.cpp": '#include "counter.h"\nint shown;\nvoid show() { ++shown; }\n',
    "app.cpp": """#include "counter.h"
#include <thread>
int main() {
  std::thread other(show);
  show();
  other.join();
}
""",
    "unchecked.cpp": '#include "counter.h"\nint main() { return count_twice() > 2; }\n',
    "in_c.c": """#include <pthread.h>
static int in_c;
static void* add(void* unused) { ++in_c; return unused; }
int main(void) {
  pthread_t other;
  pthread_create(&other, 0, add, 0);
  ++in_c;
  return pthread_join(other, 0);
}
""",
    "goroutines.cpp": """#include <snag/snag.h>
int main() {
  snag::chan<int> numbers;
  snag::go([=] { numbers << 42; });
  return numbers.recv() == 42 ? 0 : 1;
}
""",
}
RACES = {"app": "shown", "unchecked": "of_counter", "in_c": "in_c"}


def write(directory, contents):
    directory.mkdir()
    for name, text in contents.items():
        (directory / name).write_text(text.lstrip("\n"))
    return directory


def configure(project, build, *words, status=0):
    return run(["cmake", "-S", project, "-B", build, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", f"-DCMAKE_PREFIX_PATH={prefix}",
                *words], project, status)


def compilers(c, cxx):
    return f"-DCMAKE_C_COMPILER={c}", f"-DCMAKE_CXX_COMPILER={cxx}"


def commands(build):
    return {pathlib.Path(entry["file"]).name: shlex.split(entry["command"])
            for entry in json.loads((build / "compile_commands.json").read_text())}


def every_kind_of_target(project, build, *words):
    configure(project, build, *words)
    run(["cmake", "--build", build, "-j", "2"], project)
    for program, variable in RACES.items():
        report = run([build / program], project, 66)
        check(f"{build.name}: {program} does not report {variable}", f"  {variable}\n" in report, report)
    for program in ("goroutines", "both"):
        run([build / program], project)
        symbols = run(["nm", build / program], project)
        check(f"{build.name}: {program} is checked", ("__snag_atomic128_load" in symbols) == (program == "both"))
    linked = run(["nm", "-D", build / "libboard.so"], project)
    check(f"{build.name}: the shared library has a detector of its own", " T __snag" not in linked, linked)


def options_are_those_of_the_driver(project, build):
    """What clang's own command is, for a target that is checked, and for the same source by snag c++ -race."""
    def cc1(words):
        printed = run([*words, "-###"], project)
        line = next(line for line in printed.splitlines() if '"-cc1"' in line)
        return {word for word in shlex.split(line) if not word.endswith(".o")}

    here = commands(build)["counter.cpp"]
    driver = [prefix / "bin" / "snag", "c++", "-race", "-std=gnu++17", "-o", "counter.o", "-c", project / "counter.cpp"]
    # The driver names the headers; a target that uses them links snag::snag.
    theirs, ours = (cc1(words) - {"-isystem", str(prefix / "include")} for words in (driver, here))
    check("snag_enable_race and snag c++ -race differ", theirs == ours, str(theirs ^ ours))


def what_cannot_work_is_refused(project, build):
    said = configure(project, build / "gcc", *compilers("gcc", "g++"), status=1)
    for words in ("snag_enable_race(counter): the CXX compiler is GNU", "only clang 19 can load Snag's plugin",
                  f"cmake -B build-race --toolchain {prefix}/lib/cmake/snag/race-toolchain.cmake",
                  f"CC={prefix}/bin/snag-cc CXX={prefix}/bin/snag-c++", "CC=clang-19 CXX=clang++-19"):
        check(f"no {words!r} for g++", words in " ".join(said.split()), said)
    said = configure(project, build / "mixed", *compilers("gcc", "clang++-19"), status=1)
    check("C by gcc", "snag_enable_race(in_c): the C compiler is GNU" in " ".join(said.split()), said)
    said = configure(project, build / "asan", *compilers("clang-19", "clang++-19"), "-DCMAKE_CXX_FLAGS=-fsanitize=address",
                     status=1)
    check("AddressSanitizer", "-fsanitize=address" in said and "one of them at a time" in " ".join(said.split()), said)


def the_library_alone_takes_any_compiler(project, build):
    (project / "CMakeLists.txt").write_text("""
cmake_minimum_required(VERSION 3.10)
project(alone CXX)
find_package(snag REQUIRED)
find_package(Threads REQUIRED)
add_executable(goroutines goroutines.cpp)
target_link_libraries(goroutines snag::snag)
add_executable(app app.cpp board.cpp)
target_link_libraries(app Threads::Threads)
""")
    configure(project, build, "-DCMAKE_CXX_COMPILER=g++")
    run(["cmake", "--build", build], project)
    run([build / "goroutines"], project)


def other_tools_understand_the_commands(project, build):
    """The toolchain file's: clang's tools read them, and ccache keeps what they made."""
    cache = {"CCACHE_DIR": str(build.parent / "ccache")}
    configure(project, build, "--toolchain", prefix / "lib/cmake/snag/race-toolchain.cmake", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    run(["clang-tidy-19", "-p", build, "--checks=-*,clang-analyzer-core.*", "--warnings-as-errors=*",
         "goroutines.cpp", "app.cpp"], project)
    for counted in ("cache_miss", "direct_cache_hit"):
        run(["cmake", "--build", build, "--clean-first"], project, **cache)
        statistics = dict(line.split("\t") for line in run(["ccache", "--print-stats"], project, **cache).splitlines())
        check(f"ccache counts no {counted}", statistics[counted] == "3", str(statistics))
        check("what the cache had is not checked", "  shown\n" in run([build / "app"], project, 66))


def flags_of_the_projects_own_do_not_switch_it_off(project, build):
    """Neither those of the command line nor those that a project sets in their place."""
    lists = project / "CMakeLists.txt"
    toolchain = prefix / "lib/cmake/snag/race-toolchain.cmake"
    for name, text in ("asked", lists.read_text()), ("set", lists.read_text() + 'set(CMAKE_CXX_FLAGS "-O1 -Wall")\n'):
        lists.write_text(text)
        configure(project, build / name, "--toolchain", toolchain, "-DCMAKE_CXX_FLAGS=-O2")
        run(["cmake", "--build", build / name, "--target", "app"], project)
        check(f"{name}: it is not checked", "  shown\n" in run([build / name / "app"], project, 66))


def its_sources_can_be_part_of_a_project(project, build):
    (project / "CMakeLists.txt").write_text(f"""
cmake_minimum_required(VERSION 3.25)
project(fetches C CXX)
include(FetchContent)
FetchContent_Declare(snag SOURCE_DIR {SOURCE})
FetchContent_MakeAvailable(snag)
add_executable(goroutines goroutines.cpp)
target_link_libraries(goroutines PRIVATE snag::snag)
snag_enable_race(goroutines)
add_executable(app app.cpp board.cpp)
snag_enable_race(app)
""")
    said = configure(project, build / "gcc", *compilers("gcc", "g++"), status=1)
    check("g++ is not refused", "CC=clang-19 CXX=clang++-19 cmake -B build-race" in " ".join(said.split()), said)
    said = configure(project, build / "snag", *compilers(prefix / "bin/snag-cc", prefix / "bin/snag-c++"), status=1)
    check("Snag would be built by Snag", "find_package(snag)" in said, said)
    configure(project, build / "fetched", "-G", "Ninja", *compilers("clang-19", "clang++-19"))
    needed = run(["ninja", "-C", build / "fetched", "-n"], project)
    check("the plugin is not built before it is needed", "snag-plugin.so" in needed and "libsnag_race.a" in needed, needed)
    check("tests of Snag are built, too", "program_runner" not in needed and "bin/snag" not in needed, needed)
    run(["cmake", "--install", build / "fetched", "--prefix", build / "nothing"], project)
    check("Snag is installed, too", not (build / "nothing").exists())
    if "--build-fetched" in sys.argv:
        run(["cmake", "--build", build / "fetched"], project)
        check("it does not report", "shown" in run([build / "fetched" / "app"], project, 66))
        run([build / "fetched" / "goroutines"], project)


with tempfile.TemporaryDirectory(prefix="snag-cmake-") as scratch:
    scratch = pathlib.Path(scratch)
    kinds = write(scratch / "kinds", KINDS)
    every_kind_of_target(kinds, scratch / "clang", "-G", "Ninja", *compilers("clang-19", "clang++-19"))
    options_are_those_of_the_driver(kinds, scratch / "clang")
    every_kind_of_target(kinds, scratch / "snag", "-G", "Unix Makefiles", *compilers(prefix / "bin/snag-cc", prefix / "bin/snag-c++"))
    what_cannot_work_is_refused(kinds, scratch / "refused")
    the_library_alone_takes_any_compiler(kinds, scratch / "alone")
    other_tools_understand_the_commands(kinds, scratch / "tools")
    flags_of_the_projects_own_do_not_switch_it_off(kinds, scratch / "flags")
    if "--without-sources" not in sys.argv:
        its_sources_can_be_part_of_a_project(kinds, scratch / "fetch")
