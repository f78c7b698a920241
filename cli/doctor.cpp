// SPDX-License-Identifier: Apache-2.0
// snag doctor: one line a check, with what to do where it fails. The status is 1 if something has to be
// mended before programs can be checked; warnings do not count.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <vector>

#include "cli/compile_command.h"
#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/process.h"
#include "cli/subcommand.h"
#include "cli/temporary_directory.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102  // Linux 6.13
#endif

namespace snag::cli {
namespace {

enum class verdict { ok, warning, failed };

struct diagnosis {
  verdict result;
  std::string what;
  std::string advice;  // empty if ok
};

std::string last_lines(const std::string& text) {
  const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
  const std::size_t begin = trimmed.size() > 600 ? trimmed.find('\n', trimmed.size() - 600) + 1 : 0;
  return trimmed.substr(begin);
}

diagnosis check_compiler() {
  try {
    const std::string clang = find_clang(true);
    const captured answer = capture({clang, "--version"});
    if (answer.status != 0)
      return {verdict::failed, fmt::format("{} does not run", clang), last_lines(answer.output)};
    return {verdict::ok, fmt::format("{}: {}", clang, answer.output.substr(0, answer.output.find('\n'))), ""};
  } catch (const failure& error) {
    return {verdict::failed, "no compiler", error.what()};
  }
}

diagnosis check_parts() {
  try {
    const installation parts = installation::of_this_executable();
    parts.require(true);
    return {verdict::ok, fmt::format("Snag's parts are in {}", parts.plugin().parent_path().string()), ""};
  } catch (const failure& error) {
    return {verdict::failed, "Snag is not complete", error.what()};
  }
}

constexpr const char* racing_program = R"(#include <snag/snag.h>
int shared = 0;
int main() {
  snag::wait_group group;
  group.go([] { ++shared; });
  ++shared;
  group.wait();
}
)";

// The whole chain: compiler, plugin, archives, linker, and a race that must be found.
diagnosis check_race_is_found() {
  try {
    const temporary_directory directory;
    const std::string source = directory.path() / "race.cpp", program = directory.path() / "race";
    std::ofstream(source) << racing_program;
    const command_line command = clang_command(installation::of_this_executable(), find_clang(true),
                                               {.race = true, .user = {"-O1", source, "-o", program}});
    if (const captured compiled = capture(command); compiled.status != 0)
      return {verdict::failed, "a program does not compile with the plugin",
              fmt::format("clang said: {}", last_lines(compiled.output))};
    const captured result = capture({program}, {{"SNAG_OPTIONS", ""}});
    if (result.status == exit_finding && result.output.find("DATA RACE") != std::string::npos)
      return {verdict::ok, "a racing program is compiled, run, and reported", ""};
    return {verdict::failed,
            fmt::format("a racing program ended with status {} instead of 66", result.status),
            fmt::format("it said: {}", result.output.empty() ? "nothing" : last_lines(result.output))};
  } catch (const failure& error) {
    return {verdict::failed, "a racing program could not be tried", error.what()};
  }
}

long kernel_setting(const std::string& name) {
  long value = -1;
  std::ifstream("/proc/sys/" + name) >> value;
  return value;
}

diagnosis check_address_layout() {
  const long bits = kernel_setting("vm/mmap_rnd_bits");
  if (bits >= 0 && bits <= 28) return {verdict::ok, fmt::format("vm.mmap_rnd_bits is {}", bits), ""};
  const int current = personality(0xffffffff);
  const bool can_turn_off =
      current != -1 && personality(static_cast<unsigned long>(current) | ADDR_NO_RANDOMIZE) != -1;
  if (current != -1) personality(static_cast<unsigned long>(current));
  const std::string setting = bits >= 0 ? fmt::format("vm.mmap_rnd_bits is {}", bits)
                                        : "vm.mmap_rnd_bits cannot be read (only root may)";
  if (can_turn_off)
    return {verdict::ok, setting + ": a program that does not fit restarts itself without randomisation", ""};
  return {verdict::failed, setting + ", and personality() is forbidden here",
          "a program's memory may lie where its shadow belongs: sysctl vm.mmap_rnd_bits=28, or allow "
          "personality() "
          "in the container's seccomp profile"};
}

diagnosis check_overcommit() {
  const long mode = kernel_setting("vm/overcommit_memory");
  if (mode != 2) return {verdict::ok, fmt::format("vm.overcommit_memory is {}", mode), ""};
  return {verdict::warning, "vm.overcommit_memory is 2: reserved memory counts as used",
          "many goroutines or a large shadow may be refused: sysctl vm.overcommit_memory=0"};
}

diagnosis check_guards() {
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const bool works = page != MAP_FAILED && madvise(page, size, MADV_GUARD_INSTALL) == 0;
  if (page != MAP_FAILED) munmap(page, size);
  if (works) return {verdict::ok, "guard pages cost no mappings (MADV_GUARD_INSTALL)", ""};
  return {verdict::warning, "this kernel has no MADV_GUARD_INSTALL (Linux 6.13 has)",
          fmt::format(
              "guard pages are kept with mprotect, two mappings a stack: at most about {} goroutines have "
              "one (vm.max_map_count)",
              kernel_setting("vm/max_map_count") / 2)};
}

diagnosis check_limit(int resource, const char* name, const char* command, rlim_t least, const char* advice) {
  rlimit limit{};
  getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
  if (limit.rlim_cur == RLIM_INFINITY)
    return {verdict::ok, fmt::format("{} is unlimited ({})", name, command), ""};
  if (limit.rlim_cur >= least)
    return {verdict::ok, fmt::format("{} is {} ({})", name, limit.rlim_cur, command), ""};
  return {verdict::failed, fmt::format("{} is only {} ({})", name, limit.rlim_cur, command), advice};
}

diagnosis check_address_space() {
  return check_limit(RLIMIT_AS, "address space", "ulimit -v", rlim_t{1} << 46,
                     "shadow memory and stacks are reserved by the terabyte, though little of it is used: "
                     "ulimit -v unlimited");
}

diagnosis check_main_stack() {
  rlimit limit{};
  getrlimit(RLIMIT_STACK, &limit);
  if (limit.rlim_cur != RLIM_INFINITY)
    return {verdict::ok, fmt::format("stack is {} bytes (ulimit -s)", limit.rlim_cur), ""};
  return {
      verdict::ok,
      "stack is unlimited (ulimit -s): a program restarts itself with 8 MiB, to have memory where it fits",
      ""};
}

}  // namespace

int doctor(const arguments& words) {
  CLI::App app(
      "Checks the compiler, Snag's parts, and the kernel's settings; compiles and runs a racing program.",
      "doctor");
  set_usage(app, "snag doctor");
  app.footer(
      "One line a check: ok, warn or FAIL, with what to do about it. docs/troubleshooting.md says more.\n"
      "Status: 1 if a check failed, which means that programs cannot be checked here; warnings do not "
      "count.");
  if (!parse(app, words)) return exit_success;
  bool failed = false;
  for (const auto check : {check_compiler, check_parts, check_race_is_found, check_address_layout,
                           check_overcommit, check_guards, check_address_space, check_main_stack}) {
    const diagnosis d = check();
    const char* word = d.result == verdict::ok ? "ok  " : d.result == verdict::warning ? "warn" : "FAIL";
    fmt::print("{}  {}\n", word, d.what);
    if (!d.advice.empty()) fmt::print("      {}\n", d.advice);
    failed = failed || d.result == verdict::failed;
  }
  return failed ? 1 : exit_success;
}

}  // namespace snag::cli
