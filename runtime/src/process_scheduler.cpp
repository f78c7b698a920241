// SPDX-License-Identifier: Apache-2.0
// The process's scheduler: which kind SNAG_OPTIONS asks for, and the record it keeps.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "runtime/options.h"
#include "runtime/src/fork.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/sequential.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {

constinit std::atomic<scheduler*> the_scheduler{nullptr};
constinit spin_mutex making;

[[noreturn]] void usage_error(const char* what, const char* value, const char* why) noexcept {
  std::fprintf(stderr, "snag: SNAG_OPTIONS: %s=%s: %s\n", what, value, why);
  _exit(64);
}

std::uint64_t number(const char* key, const char* text) noexcept {
  char* end;
  errno = 0;
  const std::uint64_t value = std::strtoull(text, &end, 0);
  if (end == text || *end != '\0' || *text == '-' || errno != 0) usage_error(key, text, "not a number");
  return value;
}

std::unique_ptr<schedule_policy> chosen_policy() noexcept {
  if (const char* how = option("schedule")) {
    constexpr std::string_view replay = "replay:";
    if (!std::string_view(how).starts_with(replay)) usage_error("schedule", how, "expected replay:FILE");
    schedule_record record;
    if (!schedule_record::load(how + replay.size(), record))
      usage_error("schedule", how, "not a readable schedule record");
    return make_replay_policy(record);
  }
  if (const char* seed = option("seed")) return make_random_policy(number("seed", seed));
  if (const char* path = option("record"))
    usage_error("record", path, "only a seeded run is recorded (seed=N)");
  return nullptr;
}

scheduler* make() noexcept {
  install_fork_handlers();
  if (auto policy = chosen_policy()) return new sequential(std::move(policy), /*is_program=*/true);
  int procs = 0;
  if (const char* n = option("max_procs")) procs = static_cast<int>(number("max_procs", n));
  const char* migrate = option("migrate");
  if (migrate != nullptr && std::string_view(migrate) != "always")
    usage_error("migrate", migrate, "expected always");
  return new work_stealing(procs, /*migrates=*/migrate != nullptr);
}

}  // namespace

scheduler* peek_default_scheduler() noexcept { return the_scheduler.load(std::memory_order_acquire); }

scheduler& default_scheduler() noexcept {
  if (scheduler* made = peek_default_scheduler()) return *made;
  spin_lock lock(making);
  if (the_scheduler.load(std::memory_order_relaxed) == nullptr)
    the_scheduler.store(make(), std::memory_order_release);
  return *the_scheduler.load(std::memory_order_relaxed);
}

void save_record() noexcept {
  const char* path = option("record");
  if (path == nullptr || peek_default_scheduler() == nullptr) return;
  const auto* home = dynamic_cast<const sequential*>(peek_default_scheduler());
  if (home != nullptr && !home->record().save(path))
    std::fprintf(stderr, "snag: cannot write the schedule record %s: %s\n", path, std::strerror(errno));
}

}  // namespace snag::detail
