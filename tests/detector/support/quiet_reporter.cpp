// SPDX-License-Identifier: Apache-2.0
// The reporter's side of race.h for tests of the core: counts.
#include <cstdio>
#include <cstdlib>

#include "detector/src/heap_blocks.h"
#include "detector/src/race.h"
#include "tests/detector/support/quiet_reporter.h"

namespace snag::detector {

std::atomic<std::uint64_t> races_reported{0}, misuses_reported{0}, deadlocks_reported{0};

void report(const raw_race&) noexcept { races_reported.fetch_add(1); }
void report(const raw_misuse&) noexcept { misuses_reported.fetch_add(1); }
void report(const raw_deadlock&, told_finding*) noexcept { deadlocks_reported.fetch_add(1); }
void report(const raw_unjoined&) noexcept {}
bool fits_actor(std::span<const char* const>, events::goroutine_id, const hooks::site*, context_id) noexcept {
  return false;
}
bool find_heap_block(const void*, heap_block&) noexcept { return false; }
void described_heap(std::uintptr_t& low, std::uintptr_t& high) noexcept { low = high = 0; }
bool in_freed_block(std::uint64_t) noexcept { return false; }
void start_reporter() noexcept {}
int finalize(int status) noexcept { return status; }
void thread_started() noexcept {}
void thread_ended() noexcept {}
void internal_error(const char* message) noexcept {
  std::fprintf(stderr, "internal error: %s\n", message);
  std::abort();
}

}  // namespace snag::detector

// The runtime's side of events.h.
namespace snag::events {
namespace detail {
observer* current_observer = nullptr;
observer* current_listener = nullptr;
}  // namespace detail
void install(observer& o, interest) { detail::current_observer = detail::current_listener = &o; }
}  // namespace snag::events
