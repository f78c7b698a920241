// SPDX-License-Identifier: Apache-2.0
#include "detector/src/interpose.h"

#include <dlfcn.h>

#include <atomic>

#include "detector/src/interpose_strings.h"
#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {
constinit std::atomic<bool> is_open{false};
constinit void (*quick_exit_of_libc)(int) = nullptr;
}  // namespace

void open_interposers() noexcept {
  resolve_string_functions();
  resolve_exec_functions();
  resolve_io_functions();
  resolve_socket_functions();
  resolve_pipe_functions();
  resolve_stream_functions();
  resolve_format_functions();
  resolve_sorting_functions();
  resolve_number_functions();
  resolve_time_functions();
  resolve_sysv_functions();
  quick_exit_of_libc = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, "quick_exit"));
  is_open.store(true, std::memory_order_release);
}

bool interposers_open() noexcept { return is_open.load(std::memory_order_relaxed); }

bool watching() noexcept { return interposers_open() && !inside_detector(); }

const hooks::site* checked_call() noexcept {
  if (!watching()) return nullptr;
  const hooks::site* call = here().call;
  return call && (call->flags & hooks::site_calls_runtime) == 0 ? call : nullptr;
}

void real_quick_exit(int status) noexcept {
  if (quick_exit_of_libc) quick_exit_of_libc(status);
  raw_exit(status);
}

}  // namespace snag::detector
