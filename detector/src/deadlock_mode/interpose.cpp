// SPDX-License-Identifier: Apache-2.0
// Of the functions that the race detector stands before, the few that the search for deadlocks needs: malloc
// and its family (blocks are regions of memory), mmap and its kin (so are mappings), and the ways out.
#include "detector/src/interpose.h"

#include <dlfcn.h>

#include <atomic>

#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {
constinit std::atomic<bool> is_open{false};
constinit void (*quick_exit_of_libc)(int) = nullptr;
}  // namespace

void open_interposers() noexcept {
  resolve_exec_functions();
  quick_exit_of_libc = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, "quick_exit"));
  is_open.store(true, std::memory_order_release);
}

bool interposers_open() noexcept { return is_open.load(std::memory_order_relaxed); }

bool watching() noexcept { return interposers_open() && !inside_detector(); }

const hooks::site* checked_call() noexcept { return nullptr; }

void real_quick_exit(int status) noexcept {
  if (quick_exit_of_libc) quick_exit_of_libc(status);
  raw_exit(status);
}

}  // namespace snag::detector
