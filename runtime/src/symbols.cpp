// SPDX-License-Identifier: Apache-2.0
#include "runtime/symbols.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

// The part of GCC's backtrace.h that is used; the header is not on every compiler's path.
extern "C" {
struct backtrace_state;
using backtrace_error_callback = void (*)(void* data, const char* message, int number);
using backtrace_full_callback = int (*)(void* data, std::uintptr_t pc, const char* file, int line,
                                        const char* function);
using backtrace_syminfo_callback = void (*)(void* data, std::uintptr_t pc, const char* name,
                                            std::uintptr_t value, std::uintptr_t size);
backtrace_state* backtrace_create_state(const char* file, int threaded, backtrace_error_callback, void* data);
int backtrace_pcinfo(backtrace_state*, std::uintptr_t pc, backtrace_full_callback, backtrace_error_callback,
                     void* data);
int backtrace_syminfo(backtrace_state*, std::uintptr_t pc, backtrace_syminfo_callback,
                      backtrace_error_callback, void* data);
}

namespace snag::detail {
namespace {

#ifdef SNAG_HAVE_BACKTRACE
void ignore_error(void*, const char*, int) {}

// `threaded`: several may use it at once, still without a lock. Who loses the race for the first leaves its
// own behind, a few bytes.
backtrace_state* state() noexcept {
  static constinit std::atomic<backtrace_state*> shared{nullptr};
  backtrace_state* seen = shared.load(std::memory_order_acquire);
  if (seen != nullptr) return seen;
  backtrace_state* const made = backtrace_create_state(nullptr, /*threaded=*/1, ignore_error, nullptr);
  return shared.compare_exchange_strong(seen, made, std::memory_order_acq_rel) ? made : seen;
}

#endif

// The frames of one return address, innermost first; all but the last were inlined into it.
struct query {
  static constexpr std::size_t most = 32;
  struct line {
    const char *function, *file;
    int number;
  };
  line lines[most];
  std::size_t count = 0;
  const char* symbol = nullptr;  // of the last: line tables alone name no functions, or without their scope
  std::uintptr_t start = 0;      // the symbol's address

  void tell(const void* pc, void (*visit)(void*, const source_frame&), void* argument) {
    if (count == 0) lines[count++] = {nullptr, nullptr, 0};
    for (std::size_t i = 0; i < count; ++i) {
      const char* function = i + 1 == count && symbol != nullptr ? symbol : lines[i].function;
      int status = -1;
      char* demangled =
          function != nullptr ? abi::__cxa_demangle(function, nullptr, nullptr, &status) : nullptr;
      const std::uintptr_t offset =
          i + 1 == count && start != 0 ? reinterpret_cast<std::uintptr_t>(pc) - start : 0;
      visit(argument, {status == 0 ? demangled : function, lines[i].file, lines[i].number, pc, offset});
      std::free(demangled);
    }
  }
};

// libbacktrace puts the compilation's directory before paths that are absolute already.
[[maybe_unused]] const char* without_directory(const char* file) noexcept {
  const char* absolute = file != nullptr ? std::strstr(file, "//") : nullptr;
  return absolute != nullptr ? absolute + 1 : file;
}

#ifdef SNAG_HAVE_BACKTRACE
int on_line(void* data, std::uintptr_t, const char* file, int line, const char* function) {
  auto& q = *static_cast<query*>(data);
  if ((function != nullptr || file != nullptr) && q.count < query::most)
    q.lines[q.count++] = {function, without_directory(file), line};
  return 0;
}

void on_symbol(void* data, std::uintptr_t, const char* name, std::uintptr_t value, std::uintptr_t) {
  static_cast<query*>(data)->symbol = name;
  static_cast<query*>(data)->start = value;
}

#endif

}  // namespace

void symbolize(const void* pc, void (*visit)(void*, const source_frame&), void* argument) noexcept {
  query q;
  const auto call = reinterpret_cast<std::uintptr_t>(pc) - 1;  // the call, not what comes after it
#ifdef SNAG_HAVE_BACKTRACE
  if (backtrace_state* s = state()) {
    backtrace_pcinfo(s, call, on_line, ignore_error, &q);
    backtrace_syminfo(s, call, on_symbol, ignore_error, &q);
  }
#endif
  if (Dl_info info; q.symbol == nullptr && dladdr(reinterpret_cast<void*>(call), &info) != 0)
    q.symbol = info.dli_sname, q.start = reinterpret_cast<std::uintptr_t>(info.dli_saddr);
  q.tell(pc, visit, argument);
}

}  // namespace snag::detail
