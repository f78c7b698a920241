// SPDX-License-Identifier: Apache-2.0
#include "cli/compile_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/clang_arguments.h"
#include "cli/failure.h"

namespace snag::cli {
namespace {

void refuse_what_cannot_work(const clang_request& request, bool race) {
  if (race && !request.sanitizer.empty())
    throw usage_error(
        fmt::format("-race and -fsanitize={} both keep shadow memory and replace malloc: build with one of "
                    "them at a time",
                    request.sanitizer));
  if (!request.other_target.empty())
    throw usage_error(
        fmt::format("Snag works on x86-64 Linux only, not for {}: use clang itself", request.other_target));
  if (request.static_link && request.output == output_kind::executable)
    throw usage_error(
        "a wholly static program cannot be checked, since the C library's own calls could not be followed: "
        "leave -static out (-static-libstdc++ and -static-libgcc work)");
}

// What -race-checks=… says to the plugin. The last one counts, as with clang's own flags.
constexpr std::string_view checks_flag = "-race-checks=";

arguments plugin_arguments(const arguments& user) {
  arguments result;
  for (const std::string& word : user) {
    if (!word.starts_with(checks_flag)) continue;
    const std::string_view which = std::string_view(word).substr(checks_flag.size());
    if (which == "all")
      result = {"-fplugin-arg-snag-no-opt"};
    else if (which == "small")
      result = {"-fplugin-arg-snag-inline=none"};
    else if (which == "usual")
      result = {};
    else
      throw usage_error(
          fmt::format("'{}': there are -race-checks=usual, -race-checks=small and "
                      "-race-checks=all",
                      word));
  }
  return result;
}

bool is_cxx_only(const clang_request& request) {
  return !request.sources.empty() && std::none_of(request.sources.begin(), request.sources.end(),
                                                  [](const source_file& s) { return s.c; });
}

arguments compiling(const installation& parts, const clang_request& request, bool race, bool deadlock,
                    const arguments& for_plugin) {
  arguments options;
  if (!request.has_standard && is_cxx_only(request)) options.push_back("-std=c++20");
  const arguments common = compile_flags(parts);
  options.insert(options.end(), common.begin(), common.end());
  if (!request.has_debug) options.push_back("-gline-tables-only");
  // Line tables name an inlined function without its scope; with -fdebug-info-for-profiling they name it in
  // full.
  if (deadlock && !race) {
    options.push_back("-fdebug-info-for-profiling");
    // Nothing is instrumented, but the source is looked at.
    options.insert(options.end(), {"-fplugin=" + parts.plugin().string(), "-fplugin-arg-snag-vet-only"});
  }
  if (race) {
    options.insert(options.end(), {"-fplugin=" + parts.plugin().string(), "-fno-discard-value-names"});
    options.insert(options.end(), for_plugin.begin(), for_plugin.end());
  }
  return options;
}

// So that shared libraries find the one runtime, and the one detector.
constexpr const char* exported_symbols[] = {"__snag_*", "_ZN4snag*", "_ZNK4snag*", "_ZT[ISV]N4snag*",
                                            "snag_memory_*"};

void for_linker(arguments& options, std::initializer_list<std::string> words) {
  for (const std::string& word : words) options.insert(options.end(), {"-Xlinker", word});
}

// Archives are passed with -Xlinker, because an -x of the user's would have clang compile them, and whole:
// what they interpose (allocation, pthread calls, the start of main) is not always asked for by name.
arguments linking(const installation& parts, const clang_request& request, const compile_request& asked) {
  arguments options;
  // A shared library links none of it, and finds it in the executable.
  if (request.output == output_kind::shared_library) for_linker(options, {"-z", "undefs"});
  if (request.output != output_kind::executable || request.no_libraries) return options;

  for_linker(options, {"--whole-archive"});
  if (asked.race) for_linker(options, {parts.detector_archive()});
  if (asked.deadlock && !asked.race) for_linker(options, {parts.deadlock_archive()});
  for_linker(options, {parts.runtime_archive(), "--no-whole-archive"});
  for (const char* symbols : exported_symbols)
    for_linker(options, {fmt::format("--export-dynamic-symbol={}", symbols)});
  for_linker(options, {"-z", "now"});
  // Our own library, also beside another one; clang would take "-lstdc++" for the one that -stdlib names.
  // Both have the functions that throw and catch, and only the program's knows what the program's library
  // does with exceptions: so that one comes first in the order of look-up.
  if (request.libcxx) for_linker(options, {"-lc++", "-lc++abi", "-lstdc++"});
  options.insert(options.end(), {"-l:libboost_context.a", "-lfmt"});
  if (!request.libcxx && !asked.cxx) options.insert(options.end(), {"-lstdc++", "-lm"});
  options.insert(options.end(), {"-lpthread", "-ldl"});
  return options;
}

}  // namespace

command_line clang_command(const installation& parts, const std::string& clang,
                           const compile_request& asked) {
  const arguments for_plugin = plugin_arguments(asked.user);
  const arguments user =
      filter(asked.user, [](const std::string& word) { return !word.starts_with(checks_flag); });
  const clang_request request = understand(user, asked.cxx);
  refuse_what_cannot_work(request, asked.race);

  command_line command{clang, "--start-no-unused-arguments"};
  const auto append = [&](const arguments& words) {
    command.insert(command.end(), words.begin(), words.end());
  };
  append(compiling(parts, request, asked.race, asked.deadlock, for_plugin));
  append({"--end-no-unused-arguments"});
  const auto end_of_options = std::find(user.begin(), user.end(), "--");
  append({user.begin(), end_of_options});
  // After a `--` everything is a file name, so our libraries come before it.
  append(linking(parts, request, asked));
  append({end_of_options, user.end()});
  return command;
}

// Panics, deadlocks and SIGQUIT show stacks; a stack overflow must meet the guard. Where a compiler looks
// anyway is not named: it would come before the standard library's headers, whose #include_next then finds
// nothing.
arguments compile_flags(const installation& parts) {
  arguments options{"-fno-omit-frame-pointer", "-fstack-clash-protection"};
  const auto headers = parts.include_directory();
  if (headers != "/usr/include" && headers != "/usr/local/include")
    options.insert(options.begin(), {"-isystem", headers});
  return options;
}

arguments link_flags(const installation& parts, bool deadlock) {
  arguments options{"-Wl,--whole-archive"};
  if (deadlock) options.push_back(parts.deadlock_archive());
  options.insert(options.end(), {parts.runtime_archive(), "-Wl,--no-whole-archive"});
  for (const char* symbols : exported_symbols)
    options.push_back(fmt::format("-Wl,--export-dynamic-symbol={}", symbols));
  options.insert(options.end(), {"-Wl,-z,now", "-l:libboost_context.a", "-lfmt", "-lpthread", "-ldl"});
  return options;
}

}  // namespace snag::cli
