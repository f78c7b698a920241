// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/symbols.h"

#include <cxxabi.h>
#include <dlfcn.h>

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

backtrace_state* state() noexcept {
  static backtrace_state* const made = backtrace_create_state(nullptr, /*threaded=*/0, ignore_error, nullptr);
  return made;
}

#endif

struct query {
  void (*visit)(void*, const source_frame&);
  void* argument;
  const void* pc;
  bool answered = false;

  void answer(const char* function, const char* file, int line) {
    answered = true;
    int status = -1;
    char* demangled =
        function != nullptr ? abi::__cxa_demangle(function, nullptr, nullptr, &status) : nullptr;
    visit(argument, {status == 0 ? demangled : function, file, line, pc});
    std::free(demangled);
  }
};

#ifdef SNAG_HAVE_BACKTRACE
int on_line(void* data, std::uintptr_t, const char* file, int line, const char* function) {
  auto& q = *static_cast<query*>(data);
  if (function != nullptr || file != nullptr) q.answer(function, file, line);
  return 0;
}

void on_symbol(void* data, std::uintptr_t, const char* name, std::uintptr_t, std::uintptr_t) {
  if (name != nullptr) static_cast<query*>(data)->answer(name, nullptr, 0);
}

#endif

}  // namespace

void symbolize(const void* pc, void (*visit)(void*, const source_frame&), void* argument) noexcept {
  query q{visit, argument, pc};
  const auto call = reinterpret_cast<std::uintptr_t>(pc) - 1;  // the call, not what comes after it
#ifdef SNAG_HAVE_BACKTRACE
  if (backtrace_state* s = state()) {
    backtrace_pcinfo(s, call, on_line, ignore_error, &q);
    if (!q.answered) backtrace_syminfo(s, call, on_symbol, ignore_error, &q);
  }
#endif
  if (Dl_info info;
      !q.answered && dladdr(reinterpret_cast<void*>(call), &info) != 0 && info.dli_sname != nullptr)
    q.answer(info.dli_sname, nullptr, 0);
  if (!q.answered) q.answer(nullptr, nullptr, 0);
}

}  // namespace snag::detail
