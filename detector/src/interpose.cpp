// SPDX-License-Identifier: Apache-2.0
#include "detector/src/interpose.h"

#include <dlfcn.h>
#include <link.h>

#include <atomic>

#include "detector/src/annotations.h"
#include "detector/src/interpose_strings.h"
#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {
constinit std::atomic<bool> is_open{false};
constinit void (*quick_exit_of_libc)(int) = nullptr;

// The standard streams may be used by several threads at once ([iostream.objects.overview]).
void share_standard_streams() noexcept {
  for (const char* name :
       {"_ZSt4cout", "_ZSt3cin", "_ZSt4cerr", "_ZSt4clog", "_ZSt5wcout", "_ZSt4wcin", "_ZSt5wcerr",
        "_ZSt5wclog", "_ZNSt3__14coutE", "_ZNSt3__13cinE", "_ZNSt3__14cerrE", "_ZNSt3__14clogE",
        "_ZNSt3__15wcoutE", "_ZNSt3__14wcinE", "_ZNSt3__15wcerrE", "_ZNSt3__15wclogE"}) {
    const void* const stream = dlsym(RTLD_DEFAULT, name);
    Dl_info where;
    void* symbol = nullptr;
    if (stream && dladdr1(stream, &where, &symbol, RTLD_DL_SYMENT) != 0 && symbol)
      annotate_benign_race(stream, static_cast<const ElfW(Sym)*>(symbol)->st_size);
  }
}
}  // namespace

void open_interposers() noexcept {
  resolve_string_functions();
  resolve_exec_functions();
  resolve_io_functions();
  resolve_wait_functions();
  resolve_sleep_functions();
  resolve_sending_functions();
  resolve_loader_functions();
  resolve_socket_functions();
  resolve_pipe_functions();
  resolve_stream_functions();
  resolve_format_functions();
  resolve_sorting_functions();
  resolve_number_functions();
  resolve_scan_functions();
  resolve_time_functions();
  resolve_sysv_functions();
  share_standard_streams();
  quick_exit_of_libc = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, "quick_exit"));
  is_open.store(true, std::memory_order_release);
}

bool interposers_open() noexcept { return is_open.load(std::memory_order_relaxed); }

bool watching() noexcept { return interposers_open() && !inside_detector(); }

const hooks::site* checked_call() noexcept {
  if (!interposers_open()) return nullptr;
  const hooks::site* const call = call_in_progress();
  return call && (call->flags & hooks::site_calls_runtime) == 0 ? call : nullptr;
}

void real_quick_exit(int status) noexcept {
  if (quick_exit_of_libc) quick_exit_of_libc(status);
  raw_exit(status);
}

}  // namespace snag::detector
