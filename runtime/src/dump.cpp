// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/dump.h"

#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/racing_reads.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/stack_walk.h"
#include "runtime/src/traceback.h"
#include "runtime/symbols.h"

namespace snag::detail {
namespace {

using events::wait_reason;

constexpr std::size_t shown_at_each_end = 50;

// Without arguments, of the function or of templates: those may well name our types.
std::string_view without_arguments(std::string_view function) noexcept {
  constexpr std::string_view anonymous = "(anonymous namespace)";
  for (std::size_t at = 0; at < function.size(); ++at) {
    if (function.substr(at).starts_with(anonymous))
      at += anonymous.size() - 1;
    else if (function[at] == '(' || function[at] == '<')
      return function.substr(0, at);
  }
  return function;
}

// Functions that stand between the user's code and the place where a goroutine waits, or below its first
// function.
bool of_the_runtime(std::string_view function) noexcept {
  return function.starts_with("_ZN4snag") || function.starts_with("_ZNK4snag") ||
         function.starts_with("__snag_") || function.starts_with("snag::") ||
         function.starts_with("void snag::") || function.starts_with("std::") ||
         function.starts_with("void std::") || function.starts_with("__cxa_") ||
         without_arguments(function).find("snag::detail::") != function.npos ||
         function == "__libc_start_main" || function.starts_with("__libc_start_call_main") ||
         function == "_start";
}

// Inlined functions may have lost the scope that their names begin with, and lambdas in functions of libc's
// never had it; their file has not. (The build calls our sources by that name, wherever they lie.)
bool in_library_header(const char* file) noexcept {
  if (file == nullptr) return false;
  return std::strncmp(file, "/usr/src/snag/runtime/", 22) == 0 ||
         std::strstr(file, "/include/snag/") != nullptr || std::strstr(file, "/include/c++/") != nullptr;
}

void print_place(dump_writer& out, const source_frame& f) noexcept {
  if (f.file != nullptr)
    out.format("\n\t%s:%d", f.file, f.line);
  else
    out.format("\n\tpc=%p", f.pc);
  if (f.offset != 0) out.format(" +%#zx", static_cast<std::size_t>(f.offset));
  out.text("\n");
}

// Decides which frames are shown. Deep stacks are walked twice: how many frames there are has to be known in
// the middle.
class frame_printer {
 public:
  explicit frame_printer(dump_writer& out) noexcept : out_(out) {}

  void print(const frame_list& frames) noexcept {
    if (frames.count > shown_at_each_end / 2) {  // with what is inlined there may be too many
      counting_ = true;
      walk(frames);
      total_ = shown_;
      counting_ = false;
    }
    walk(frames);
  }

 private:
  void walk(const frame_list& frames) noexcept {
    shown_ = 0;
    at_top_ = true, at_end_ = false;
    const auto on_frame = [](void* self, const source_frame& f) {
      static_cast<frame_printer*>(self)->visit(f);
    };
    for (std::size_t i = 0; i < frames.count && !at_end_; ++i) {
      if (i == frames.before_gap) shown_ += frames.left_out;  // further in than what is shown
      symbolize(frames.first[i], on_frame, this);
    }
  }
  void visit(const source_frame& f) noexcept {
    if (at_end_ || is_hidden(f)) return;
    const std::size_t index = shown_++;
    if (counting_) return;
    if (index >= shown_at_each_end && index + shown_at_each_end < total_) {
      if (index == shown_at_each_end)
        out_.format("...%zu frames elided...\n", total_ - 2 * shown_at_each_end);
      return;
    }
    out_.text(f.function != nullptr ? f.function : "??");
    if (f.function != nullptr && std::strchr(f.function, '(') == nullptr) out_.text("()");
    print_place(out_, f);
  }
  bool is_hidden(const source_frame& f) noexcept {
    const std::string_view name = f.function != nullptr ? f.function : "";
    if (name == "make_fcontext") return at_end_ = true;  // Boost's return address below the first frame
    if (wanted_traceback() >= traceback_level::system) return false;
    if (of_the_runtime(name) || in_library_header(f.file)) {
      // Below the first user function the runtime's frames are the goroutine's beginning.
      if (!at_top_ && (name.find("snag::detail::") != name.npos || name.find("libc_start") != name.npos))
        at_end_ = true;
      return true;
    }
    if (f.function == nullptr && at_top_) return true;
    at_top_ = false;
    return false;
  }

  dump_writer& out_;
  std::size_t shown_ = 0;
  std::size_t total_ = 0;
  bool counting_ = false;
  bool at_top_ = true;  // still among the runtime's own frames
  bool at_end_ = false;
};

void print_creation(dump_writer& out, const goroutine& g) noexcept {
  if (g.created_at == nullptr) return;
  struct first {
    dump_writer& out;
    const goroutine& g;
    bool done = false;
  } target{out, g};
  symbolize(
      g.created_at,
      [](void* t, const source_frame& f) {
        auto& to = *static_cast<first*>(t);
        if (std::exchange(to.done, true)) return;
        to.out.format("created by %s", f.function != nullptr ? f.function : "??");
        if (to.g.parent != events::goroutine_id::none)
          to.out.format(" in goroutine %llu", static_cast<unsigned long long>(to.g.parent));
        print_place(to.out, f);
      },
      &target);
}

long long minutes_waited(const goroutine& g) noexcept {
  const std::uint32_t since = g.waits_since.load(std::memory_order_relaxed);
  if (since == 0 || g.reason.load(std::memory_order_relaxed) == wait_reason::none) return 0;
  return (coarse_time(g.home != nullptr ? g.home->now() : now_real()) - since) / 60;
}

}  // namespace

void dump_writer::text(const char* s) noexcept { text(s, std::strlen(s)); }

void dump_writer::text(const char* s, std::size_t length) noexcept {
  while (length > 0) {
    const std::size_t part = std::min(length, sizeof buffer_ - used_);
    std::memcpy(buffer_ + used_, s, part);
    used_ += part;
    s += part;
    length -= part;
    if (used_ == sizeof buffer_) flush();
  }
}

void dump_writer::format(const char* format, ...) noexcept {
  char piece[2048];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(piece, sizeof piece, format, arguments);
  va_end(arguments);
  if (length > 0) text(piece, std::min(static_cast<std::size_t>(length), sizeof piece - 1));
}

void dump_writer::flush() noexcept {
  if (to_ != nullptr) {
    to_->append(buffer_, std::exchange(used_, 0));
    return;
  }
  for (const int to : {STDERR_FILENO, crash_output()}) {
    for (std::size_t done = 0; to >= 0 && done < used_;) {
      const ssize_t n = write(to, buffer_ + done, used_ - done);
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
  }
  used_ = 0;
}

const char* words(wait_reason reason) noexcept {
  switch (reason) {
    case wait_reason::none:
      return "runnable";
    case wait_reason::chan_send:
      return "chan send";
    case wait_reason::chan_receive:
      return "chan receive";
    case wait_reason::chan_send_nil:
      return "chan send (nil chan)";
    case wait_reason::chan_receive_nil:
      return "chan receive (nil chan)";
    case wait_reason::select:
      return "select";
    case wait_reason::select_no_cases:
      return "select (no cases)";
    case wait_reason::sleep:
      return "sleep";
    case wait_reason::mutex_lock:
      return "sync.Mutex.Lock";
    case wait_reason::shared_mutex_lock:
      return "sync.RWMutex.Lock";
    case wait_reason::shared_mutex_rlock:
      return "sync.RWMutex.RLock";
    case wait_reason::wait_group:
      return "sync.WaitGroup.Wait";
    case wait_reason::condition_wait:
      return "sync.Cond.Wait";
    case wait_reason::once:
      return "sync.Once.Do";
    case wait_reason::semaphore:
      return "semacquire";
    case wait_reason::io:
      return "IO wait";
    case wait_reason::foreign:
      return "foreign thread";
    case wait_reason::bubble_run:
      return "synctest.Run";
    case wait_reason::bubble_wait:
      return "synctest.Wait";
  }
  return "waiting";
}

bool is_users_frame(const source_frame& f) noexcept {
  return f.function != nullptr && !of_the_runtime(f.function) && !in_library_header(f.file);
}

namespace {

void print_header(dump_writer& out, const goroutine& g, const char* state) noexcept {
  out.text("\n");
  out.format("goroutine %llu [%s", static_cast<unsigned long long>(g.id),
             state != nullptr ? state : words(g.reason.load(std::memory_order_relaxed)));
  if (const long long minutes = state == nullptr ? minutes_waited(g) : 0; minutes > 0)
    out.format(", %lld minutes", minutes);
  if (g.name != nullptr) out.format(", name \"%s\"", g.name);
  if (g.thread_locks > 0) out.text(", locked to thread");
  if (g.kind == events::actor_kind::thread && g.id != events::goroutine_id::main)
    out.text(", foreign thread");
  out.text("]:\n");
}

// Its stack is in use: only the thread that runs it could tell where it is.
void dump_elsewhere(dump_writer& out, const goroutine& g, const char* state) noexcept {
  if (wanted_traceback() == traceback_level::none) return;
  print_header(out, g, state);
  out.text("\tgoroutine running on other thread; stack unavailable\n");
  print_creation(out, g);
}

}  // namespace

void dump_goroutine(dump_writer& out, const goroutine& g, frame_list frames, const char* state) noexcept {
  if (wanted_traceback() == traceback_level::none) return;
  print_header(out, g, state);
  frame_printer(out).print(frames);
  print_creation(out, g);
}

void dump_suspended(dump_writer& out, const goroutine& g) noexcept {
  const racing_reads it_may_run;
  if (g.home != nullptr && g.started && g.reason.load(std::memory_order_relaxed) == wait_reason::none) {
    const scheduler::activity now = g.home->activity_of(g);
    if (now != scheduler::activity::runnable)
      return dump_elsewhere(out, g, now == scheduler::activity::running ? "running" : "syscall");
  }
  const void* frames[512];
  std::size_t count = 0;
  if (g.kind != events::actor_kind::goroutine)
    count = 0;
  else if (g.lent_worker != nullptr)
    count = walk_frames({g.parked_frame, nullptr}, stack_limits(g), frames, std::size(frames));
  else if (g.started)
    count = walk_frames(frame_of(g.context), stack_limits(g), frames, std::size(frames));
  dump_goroutine(out, g, {frames, count});
}

void dump_running(dump_writer& out, const goroutine& g, const void* frame, const void* pc) noexcept {
  const void* frames[512];
  const std::size_t count = walk_frames({frame, pc}, stack_limits(g), frames, std::size(frames));
  dump_goroutine(out, g, {frames, count}, "running");
}

void dump_others(dump_writer& out, const goroutine& died) noexcept {
  if (wanted_traceback() >= traceback_level::all) dump_all(out, died.home, &died);
}

void dump_all(dump_writer& out, const scheduler* home, const goroutine* done, bool all_wait) noexcept {
  const racing_reads others_run;
  std::vector<const goroutine*> all;
  goroutine_table::instance().for_each_alive([&](const goroutine& g) {
    const bool belongs = home == nullptr || g.home == home || g.home == nullptr;
    const bool waits = g.home != nullptr || g.lent_worker != nullptr ||
                       g.reason.load(std::memory_order_relaxed) != wait_reason::none;
    if (&g != done && belongs && waits) all.push_back(&g);
  });
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->id < b->id; });
  for (const goroutine* g : all)
    if (all_wait && g->reason.load(std::memory_order_relaxed) == wait_reason::none)
      dump_goroutine(out, *g, {nullptr, 0}, "syscall");
    else
      dump_suspended(out, *g);
}

}  // namespace snag::detail
