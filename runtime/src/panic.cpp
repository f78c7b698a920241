// SPDX-License-Identifier: Apache-2.0
// Panics: throwing them, and the end of the program when nobody caught one. The text is Go's
// (runtime/panic.go, printpanics; error.go, printpanicval).
#include "snag/panic.h"

#include <fmt/format.h>

#include <cxxabi.h>

#include <cstring>
#include <exception>
#include <typeinfo>

#include "runtime/src/dump.h"
#include "runtime/src/fatal.h"
#include "runtime/src/panic_text.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/throw_site.h"

namespace snag::detail {

void throw_panic(std::string_view message) { throw panic_error(std::string(message)); }
void throw_panic(fmt::string_view format, fmt::format_args arguments) {
  throw panic_error(fmt::vformat(format, arguments));
}
void throw_panic(std::string message, std::any value) {
  throw panic_error(std::move(message), std::move(value));
}

std::string describe_value(const std::type_info& type, const void* address) {
  return fmt::format("({}) {}", type_name(type), address);
}

void die_of_exception(goroutine& self) noexcept {
  die_of_exception(self, nullptr, __builtin_frame_address(0));
}

void die_of_exception(goroutine& self, const char* otherwise, const void* frame) noexcept {
  begin_dying();
  {
    dump_writer out;
    const void* object = current_exception_object();
    const thrown_exception* site = throw_of(self, object);
    // What was in flight when the fatal one was thrown comes first, as in Go.
    const bool nested = std::uncaught_exceptions() > 0 && site != nullptr &&
                        self.thrown->previous.object != nullptr && site == &self.thrown->latest;
    if (nested) {
      out.text("panic: ");
      write_indented(out, text_of(self.thrown->previous.object, *self.thrown->previous.type));
      out.text("\n\t");
    }
    out.text("panic: ");
    write_indented(out, object != nullptr || std::current_exception() ? text_of_current() : otherwise);
    out.text("\n\n");
    out.flush();  // what follows reads debug information
    if (site != nullptr)
      dump_goroutine(out, self, site->frames, site->frame_count, "running");
    else
      dump_running(out, self, frame);
  }
  finish_dying(2);
}

}  // namespace snag::detail
