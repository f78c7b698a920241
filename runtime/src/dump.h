// SPDX-License-Identifier: Apache-2.0
#pragma once
// Goroutines as Go prints them (runtime/traceback.go): a header with id and state, two lines a frame, and who
// created it, after an empty line; nothing if SNAG_OPTIONS wants no stacks. Frames of the runtime itself at
// the top, and those above main or the goroutine's function, are left out, and those in the middle of a deep
// stack. Written to a file descriptor with as few calls as possible, no stdio.
#include <cstddef>
#include <string>

#include "runtime/src/goroutine.h"
#include "runtime/symbols.h"

namespace snag::detail {

// Text on its way to standard error, or into a string.
class dump_writer {
 public:
  dump_writer() = default;
  explicit dump_writer(std::string& to) noexcept : to_(&to) {}
  ~dump_writer() { flush(); }
  void text(const char*) noexcept;
  void text(const char*, std::size_t) noexcept;
  void format(const char* format, ...) noexcept __attribute__((format(printf, 2, 3)));
  void flush() noexcept;

 private:
  char buffer_[4096];
  std::size_t used_ = 0;
  std::string* const to_ = nullptr;  // null: standard error
};

bool is_users_frame(const source_frame&) noexcept;  // else the runtime's, or of a library header
const char* words(events::wait_reason) noexcept;    // "chan receive"

// Return addresses, innermost first; `left_out` of them are missing after the first `before_gap`.
struct frame_list {
  const void* const* first;
  std::size_t count;
  std::size_t left_out = 0;
  std::size_t before_gap = 0;
};

// `state`: what stands in the brackets; null: what it waits for, or whether it runs.
void dump_goroutine(dump_writer&, const goroutine&, frame_list, const char* state = nullptr) noexcept;
// From the frames it can be seen to have: suspended goroutines only.
void dump_suspended(dump_writer&, const goroutine&) noexcept;
// The calling goroutine: from `frame` outwards.
void dump_running(dump_writer&, const goroutine&, const void* frame, const void* pc = nullptr) noexcept;
// The others than the one that died, if SNAG_OPTIONS wants them.
void dump_others(dump_writer&, const goroutine& died) noexcept;
// Every living goroutine of `home` (null: of all), except `done`. `all_wait`: also those of whom the runtime
// does not know it.
void dump_all(dump_writer&, const scheduler* home, const goroutine* done, bool all_wait = false) noexcept;

}  // namespace snag::detail
