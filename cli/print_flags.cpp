// SPDX-License-Identifier: Apache-2.0
// snag flags: what a compiler that is not ours to start has to be given, on one line:
//     g++ -std=c++20 app.cpp $(snag flags -deadlock)
#include <fmt/format.h>

#include "cli/compile_command.h"
#include "cli/failure.h"
#include "cli/flags.h"

namespace snag::cli {

int print_flags(const arguments& words) {
  bool race = false, deadlock = false, compile_only = false, link_only = false;
  CLI::App app("Print what another compiler has to be given for a program that uses Snag.", "flags");
  set_usage(app, "snag flags [-deadlock] [--compile | --link]");
  app.add_flag("--race", race)->group("");
  app.add_flag("--deadlock", deadlock, "Also -deadlock: with the search for deadlocks and leaks");
  app.add_flag("--compile", compile_only, "What compiling needs alone");
  app.add_flag("--link", link_only, "What linking needs alone, to stand after the sources");
  app.footer(
      "GCC and clang take them:  g++ -std=c++20 app.cpp $(snag flags -deadlock)\n"
      "Add -g1 or more, and reports tell files and lines.");
  const command_words split = separate(app, words);
  if (!parse(app, split.own)) return exit_success;
  if (!split.clang.empty() || !split.program.empty())
    throw usage_error("snag flags takes no files: it prints what to add to a compiler's command line");
  if (race) throw usage_error("-race needs Snag's plugin, which clang loads: use snag c++ -race");

  const installation parts = installation::of_this_executable();
  parts.require(false, deadlock);
  arguments all;
  const auto append = [&](const arguments& more) { all.insert(all.end(), more.begin(), more.end()); };
  if (!link_only) append(compile_flags(parts));
  if (!compile_only) append(link_flags(parts, deadlock));
  fmt::print("{}\n", fmt::join(all, " "));
  return exit_success;
}

}  // namespace snag::cli
