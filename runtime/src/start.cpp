// SPDX-License-Identifier: Apache-2.0
// How main becomes goroutine 1 without a word in the user's code: crt1.o calls __libc_start_main, and linking
// this archive defines it. Ours calls libc's with another main, which adopts the thread, runs the user's main
// on the stack it always had, and ends the program when it returns. Seeded runs first fix the address layout.
#include <cxxabi.h>
#include <dlfcn.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/options.h"
#include "runtime/src/fatal.h"
#include "runtime/src/goexit.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/os_thread.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/posix/thread.h"
#include "runtime/src/sanitizer.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/traceback.h"

namespace snag::detail {
namespace {

using main_function = int (*)(int, char**, char**);

constexpr const char* restart_mark = "SNAG_LAYOUT_FIXED";

constinit main_function users_main = nullptr;
constinit std::byte* main_stack_top = nullptr;  // null: this program was not started by us
constinit bool adopted = false;

// One seed gives one run only if addresses repeat: hash tables, sorted pointers, the order of locks. Restarts
// the program once without randomisation.
void fix_layout(char** argv) noexcept {
  if (option("seed") == nullptr && option("schedule") == nullptr) return;
  const bool restarted = std::getenv(restart_mark) != nullptr;
  unsetenv(restart_mark);
  const int persona = personality(0xffffffff);
  if (persona >= 0 && (persona & ADDR_NO_RANDOMIZE) != 0) return;
  if (!restarted && persona >= 0 && personality(static_cast<unsigned>(persona) | ADDR_NO_RANDOMIZE) >= 0) {
    setenv(restart_mark, "1", 1);
    execv("/proc/self/exe", argv);
    unsetenv(restart_mark);
  }
  std::fprintf(stderr, "snag: cannot fix the address layout (%s): addresses will differ from run to run\n",
               std::strerror(errno));
}

stack_block main_stack() noexcept {
  rlimit limit{};
  getrlimit(RLIMIT_STACK, &limit);
  constexpr std::size_t unlimited = std::size_t{1} << 30;
  const std::size_t size = limit.rlim_cur == RLIM_INFINITY ? unlimited : limit.rlim_cur;
  return {main_stack_top - size, main_stack_top};
}

// While everything that the program has is still there: handlers of exit and destructors come next.
void tell_ending() noexcept {
  static constinit std::atomic<bool> told{false};
  if (told.exchange(true, std::memory_order_relaxed)) return;
  if (events::observer* o = events::listening()) o->on_lull(events::lull::ending);
}

constinit bool ending = false;

void stop_others() noexcept {
  if (std::exchange(ending, true)) return;
  wait_if_dying();  // as in Go: a panic elsewhere is printed to its end, and its status counts
  default_scheduler().freeze();
  wait_if_dying();
  tell_ending();
  save_record();
}

[[noreturn]] void end_program(int status) noexcept {
  stop_others();
  if (events::observer* o = events::listening()) status = o->on_exit(status);
  std::exit(status);
}

// The first frame of goroutine 1, as run_goroutine is of the others.
SNAG_CALLS_MAIN int run_main(int argc, char** argv, char** environment) noexcept {
  first_frame_of_main = static_cast<const std::byte*>(__builtin_frame_address(0));
  adopt_main_thread();
  install_signal_handlers();
  // For exit() called in the middle of the program: runs before the destructors of what was made before main.
  std::atexit(stop_others);
  int status = 0;
  try {
    status = users_main(argc, argv, environment);
  } catch (abi::__forced_unwind&) {
    end_goexit(current());
  } catch (...) {
    die_of_exception(current());
  }
  leave_os_thread();
  if (default_scheduler().main_outlived) {
    main_thread_left();
    default_scheduler().wait_for_everybody();
  } else if (current().ended_by_goexit) {
    end_main_goroutine();
  }
  end_program(status);
}

}  // namespace

constinit const std::byte* first_frame_of_main = nullptr;

// Nobody calls it, debuggers look for it: taken from the archive with this file.
extern "C" const char __snag_debug_layout[];
[[gnu::used]] const void* const kept_for_debuggers = __snag_debug_layout;

bool adopt_main_thread() noexcept {
  if (adopted || main_stack_top == nullptr || gettid() != getpid()) return false;
  adopted = true;
  note_main_thread();
  goroutine& self = *goroutine_table::instance().allocate();
  scheduler& home = default_scheduler();
  self.id = events::goroutine_id::main;
  self.home = &home;
  self.starts_main = true;
  self.stack_wish = UINT8_MAX;  // nobody takes over this stack
  self.stack = main_stack();
  self.context = &self;
  self.started = true;
  self.alive.store(true, std::memory_order_release);
  register_internal_thread();
  home.adopt_main(self);
  if (events::observer* o = events::listening()) {
    o->on_created(self, nullptr, {});
    o->on_started(self, self.stack.bounds());
  }
  return true;
}

}  // namespace snag::detail

// Called by the program itself; main's return goes another way.
extern "C" void exit(int status) noexcept {
  snag::detail::tell_ending();
  reinterpret_cast<void (*)(int)>(snag::detail::next_definition("exit"))(status);
  __builtin_unreachable();
}

extern "C" int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(),
                                 void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  using snag::detail::main_function;
  using start_function = int (*)(main_function, int, char**, void (*)(), void (*)(), void (*)(), void*);
  snag::detail::users_main = main;
  snag::detail::fix_layout(argv);
  snag::detail::main_stack_top = static_cast<std::byte*>(stack_end);
  snag::detail::prepare_traceback();
  snag::detail::install_terminate_handler();  // constructors of objects with static storage may panic, too
  const auto next = reinterpret_cast<start_function>(dlsym(RTLD_NEXT, "__libc_start_main"));
  if (next == nullptr) {
    std::fputs("snag: a statically linked program cannot be started (link the C library dynamically)\n",
               stderr);
    _exit(70);
  }
  return next(snag::detail::run_main, argc, argv, init, fini, rtld_fini, stack_end);
}
