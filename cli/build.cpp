// SPDX-License-Identifier: Apache-2.0
// snag build: compile and link.
#include "cli/compilation.h"
#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/temporary_directory.h"

namespace snag::cli {

int build(const arguments& words) {
  bool race = false, deadlock = false;
  CLI::App app("Compile and link a program. Every other option goes to clang; the default standard is C++20.",
               "build");
  set_usage(app, "snag build [-race | -deadlock] [clang options] [-o APP] FILE.cpp…");
  app.add_flag("--race", race, "Also -race: check the program for data races while it runs");
  app.add_flag("--deadlock", deadlock, "Also -deadlock: look for deadlocks and leaks alone, at little cost");
  app.footer(
      "Without -o the program is named after its first source, in the current directory.\n"
      "-race-checks=all leaves out no check; -race-checks=small makes smaller code (docs/options.md).\n"
      "How the program runs is chosen when it runs, by SNAG_OPTIONS: SNAG_OPTIONS=seed=1 ./app");

  const command_words split = separate(app, words);
  if (!parse(app, split.own)) return exit_success;
  if (!split.program.empty())
    throw usage_error("snag build takes no arguments for the program: pass them when you run it");
  for (const std::string& word : split.clang)
    for (const char* at_run_time : {"--seed", "--format", "--fail-on", "--exit-code", "--log-path"})
      if (word.substr(0, word.find('=')) == at_run_time)
        throw usage_error(word +
                          " belongs to `snag run`; a built program takes it from SNAG_OPTIONS when it runs");

  const compilation program("build", race, deadlock, split.clang);
  const std::string output = program.request.output_path.empty() ? program.default_name() : "";
  if (!program.mixes_c_and_cxx()) replace_process(program.single_command(output));

  signal_guard guard;
  const temporary_directory directory;
  const int status = program.make(guard, directory.path(), output).status;
  if (status == exit_compile_error) directory.require_space();
  return status;
}

}  // namespace snag::cli
