// SPDX-License-Identifier: Apache-2.0
// Panics: throwing them, and the end of the program when nobody caught one. The text is Go's
// (runtime/panic.go, printpanics; error.go, printpanicval).
#include "snag/panic.h"

#include <fmt/format.h>

#include <cxxabi.h>

#include <cstring>
#include <exception>
#include <typeinfo>
#include <utility>

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

std::string describe_enumerator(const std::type_info& type, std::string number) {
  return type_name(type) + "(" + std::move(number) + ")";
}

void die_of_panic() noexcept { die_of_exception(current(), nullptr, __builtin_frame_address(0)); }

void die_of_exception(goroutine& self) noexcept {
  die_of_exception(self, nullptr, __builtin_frame_address(0));
}

namespace {

// The lines of Go's printpanics. Calls what(), which is the user's; `text` is what that said.
std::string panic_lines(goroutine& self, const char* otherwise, std::string& text) {
  const void* const object = current_exception_object();
  text = object != nullptr || std::current_exception() ? text_of_current() : otherwise;
  const thrown_exception* const site = throw_of(self, object);
  std::string lines;
  // What was in flight when the fatal one was thrown comes first.
  if (site != nullptr && std::uncaught_exceptions() > 0) lines += lines_in_flight(self, *site);
  if (site != nullptr) lines += recovered_lines(*site, text);
  lines += "panic: " + indented(text);
  if (site != nullptr && repeats_handled(*site, text)) lines += " [recovered, repanicked]";
  return lines + "\n";
}

}  // namespace

void die_of_exception(goroutine& self, const char* otherwise, const void* frame) noexcept {
  note_that_it_will_die();
  std::string lines, text;
  const bool again = self.printing_panic;
  self.printing_panic = true;
  if (again) {
    lines = "fatal error: panic while printing panic value: " + indented(text_of_current()) + "\n";
  } else {
    lines = panic_lines(self, otherwise, text);
  }
  begin_dying();
  {
    dump_writer out;
    out.text(lines.data(), lines.size());
    out.flush();  // what follows reads debug information
    if (const thrown_exception* site = throw_of(self, current_exception_object()))
      dump_goroutine(out, self,
                     {site->frames, site->frame_count, site->left_out, thrown_exception::at_each_end},
                     "running");
    else
      dump_running(out, self, frame);
    dump_others(out, self);
  }
  if (events::observer* o = events::installed()) o->on_panicked(self, text.c_str());
  finish_dying(2);
}

}  // namespace snag::detail
