// SPDX-License-Identifier: Apache-2.0
// snag c++, snag cc: a compiler driver for any build system. Becomes clang, so that status, diagnostics and
// signals are clang's own.
#include "cli/clang_arguments.h"
#include "cli/compile_command.h"
#include "cli/subcommand.h"

namespace snag::cli {
namespace {

// "-race" in words that other tools understand, too: clangd leaves plugins out, ccache reads them.
bool is_our_plugin(const std::string& word) {
  return word.starts_with("-fplugin=") && word.ends_with("/snag-plugin.so");
}

[[noreturn]] void compile(const arguments& words, bool cxx) {
  compile_request request;
  request.cxx = cxx;
  request.user = filter(words, [&](const std::string& word) {
    const bool race = word == "-race" || word == "--race" || is_our_plugin(word),
               deadlock = word == "-deadlock" || word == "--deadlock";
    request.race = request.race || race;
    request.deadlock = request.deadlock || deadlock;
    return !race && !deadlock;
  });
  const installation parts = installation::of_this_executable();
  parts.require(request.race, request.deadlock);
  replace_process(clang_command(parts, find_clang(cxx), request));
}

}  // namespace

int compile_cxx(const arguments& words) { compile(words, true); }
int compile_c(const arguments& words) { compile(words, false); }

}  // namespace snag::cli
