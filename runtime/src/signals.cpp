// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/signals.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>

#include "runtime/src/dump.h"
#include "runtime/src/fatal.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/stack_walk.h"
#include "runtime/src/thread_proxy.h"

// glibc's other name for sigaction: an observer may stand before that one, to answer what the program set.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;

namespace snag::detail {
namespace {

struct sigaction previous_segv, previous_bus;

constexpr std::size_t alternate_size = 128 << 10;  // printing frames reads debug information

struct fault {
  const std::byte* address;
  const std::byte* stack_pointer;
  const void* frame_pointer;
  const void* pc;
};

fault fault_of(const siginfo_t* info, const void* context) noexcept {
  const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  return {
      static_cast<const std::byte*>(info->si_addr), reinterpret_cast<const std::byte*>(registers[REG_RSP]),
      reinterpret_cast<const void*>(registers[REG_RBP]), reinterpret_cast<const void*>(registers[REG_RIP])};
}

// The limit the goroutine ran into, or 0. A goroutine's own guard lies below its stack; main's stack ends
// where the kernel refuses to grow it, a little (the stack gap, 1 MiB) above the limit.
std::size_t overflowed(const goroutine& g, const fault& f) noexcept {
  if (!g.stack) return 0;
  const auto size = static_cast<std::size_t>(g.stack.high - g.stack.low);
  const bool on_it = f.stack_pointer < g.stack.high && f.stack_pointer >= g.stack.low - (8 << 20);
  if (g.starts_main) {
    const bool below = f.address < g.stack.low + (2 << 20) && f.address >= g.stack.low - (64 << 20);
    return on_it && below && f.address < f.stack_pointer + 4096 ? size : 0;
  }
  return on_it && f.address < g.stack.low && f.address >= g.stack.low - stack_arena::guard_size ? size : 0;
}

[[noreturn]] void die_of_overflow(const goroutine& g, std::size_t limit, const fault& f) noexcept {
  begin_dying();
  {
    dump_writer out;
    out.format("runtime: goroutine stack exceeds %zu-byte limit\n", limit);
    out.format("runtime: sp=%p stack=[%p, %p]\n", static_cast<const void*>(f.stack_pointer),
               static_cast<void*>(g.stack.low), static_cast<void*>(g.stack.high));
    out.text("fatal error: stack overflow\n");
    out.flush();
    // Deep recursion: the ends are what matters, so as much as can be walked is.
    static const void* frames[1 << 16];
    const std::size_t count =
        walk_frames({f.frame_pointer, f.pc}, stack_limits(g), frames, std::size(frames));
    dump_goroutine(out, g, {frames, count}, "running");
    dump_all(out, g.home, &g);  // as Go's throw does
  }
  finish_dying(2);
}

const goroutine* running_here() noexcept {
  const worker* const here = this_worker();
  return here != nullptr ? here->running() : locked_goroutine();
}

void on_fault(int number, siginfo_t* info, void* context) noexcept {
  const goroutine* const self = running_here();
  if (self != nullptr && info->si_code > 0) {
    const fault f = fault_of(info, context);
    if (const std::size_t limit = overflowed(*self, f)) die_of_overflow(*self, limit, f);
  }
  pass_on_signal(number == SIGSEGV ? previous_segv : previous_bus, number, info, context);
}

void on_quit(int, siginfo_t* info, void* context) noexcept {
  const fault f = fault_of(info, context);
  constexpr std::ptrdiff_t red_zone = 128;  // System V ABI, x86-64, 3.2.2
  if (events::observer* o = events::listening()) o->on_search_wanted(f.stack_pointer - red_zone, {f.pc});
  begin_dying();
  {
    dump_writer out;
    out.format("SIGQUIT: quit\nPC=%p m=%d sigcode=%d\n", f.pc, gettid(), info->si_code);
    const goroutine* const self = running_here();
    if (self != nullptr) dump_running(out, *self, f.frame_pointer, f.pc);
    dump_all(out, nullptr, self);
  }
  finish_dying(2);
}

bool has_handler(const struct sigaction& a) noexcept {
  return (a.sa_flags & SA_SIGINFO) != 0 || (a.sa_handler != SIG_DFL && a.sa_handler != SIG_IGN);
}

void handle(int number, void (*handler)(int, siginfo_t*, void*), struct sigaction* previous,
            bool keeps_handler) noexcept {
  struct sigaction old{};
  __sigaction(number, nullptr, &old);
  if (keeps_handler && has_handler(old)) return;
  struct sigaction action{};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (__sigaction(number, &action, &old) != 0 || previous == nullptr) return;
  // The kernel's mask has 64 bits. What libc copies after them is whatever stood on the stack: who looks for
  // pointers in memory would find some.
  std::memset(reinterpret_cast<char*>(&old.sa_mask) + sizeof(std::uint64_t), 0,
              sizeof old.sa_mask - sizeof(std::uint64_t));
  *previous = old;
}

}  // namespace

void pass_on_signal(const struct sigaction& previous, int number, siginfo_t* info, void* context) noexcept {
  if ((previous.sa_flags & SA_SIGINFO) != 0 && previous.sa_sigaction != nullptr)
    return previous.sa_sigaction(number, info, context);
  if (previous.sa_handler == SIG_IGN) return;
  if (previous.sa_handler != SIG_DFL) return previous.sa_handler(number);
  // Back to the faulting instruction, which faults again and meets the default action.
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  __sigaction(number, &standard, nullptr);
  if (info->si_code <= 0) raise(number);  // sent by somebody: it would not repeat by itself
}

namespace {

// Of whoever made the last thread without signals. All ones: there is none.
constinit std::atomic<signal_mask> creators_mask{all_signals};

// Threads inherit the mask of the one that creates them, and workers are created by whoever has work for one:
// the monitor, the relay of signals, the thread of I/O.
void take_creators_mask() noexcept {
  sigset_t mask, all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  // The kernel never blocks SIGKILL and SIGSTOP, and says so.
  sigdelset(&all, SIGKILL);
  sigdelset(&all, SIGSTOP);
  const signal_mask wanted = creators_mask.load(std::memory_order_relaxed);
  if ((bits_of(mask) & bits_of(all)) != bits_of(all) || wanted == all_signals) return;
  exchange_signal_mask(wanted);
}

}  // namespace

without_signals::without_signals() noexcept : before_(exchange_signal_mask(all_signals)) {
  creators_mask.store(before_, std::memory_order_relaxed);
}

void install_alternate_stack() noexcept {
  take_creators_mask();
  stack_t now{};
  if (sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0) return;  // somebody else's will do
  void* memory = mmap(nullptr, alternate_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;
  auto* const low = static_cast<std::byte*>(memory);
  if (events::observer* o = events::listening()) o->on_stacks_mapped(low, low + alternate_size);
  stack_t alternate{};
  alternate.ss_sp = memory;
  alternate.ss_size = alternate_size;
  sigaltstack(&alternate, nullptr);
}

void remove_alternate_stack() noexcept {
  stack_t now{}, none{};
  none.ss_flags = SS_DISABLE;
  if (sigaltstack(&none, &now) != 0 || now.ss_size != alternate_size) return;
  munmap(now.ss_sp, alternate_size);
}

// (The plain sigaction: an observer's own handlers do not count.)
bool awaits_signals() noexcept {
  constexpr int never_from_outside[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,   SIGSEGV,
                                        SIGSYS, SIGPIPE, SIGXCPU, SIGPROF, SIGVTALRM};
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (std::ranges::find(never_from_outside, number) != std::end(never_from_outside)) continue;
    struct sigaction now{};
    if (sigaction(number, nullptr, &now) != 0) continue;
    if (has_handler(now) && now.sa_sigaction != &on_quit) return true;
  }
  return false;
}

void install_signal_handlers() noexcept {
  install_alternate_stack();
  handle(SIGSEGV, on_fault, &previous_segv, false);
  handle(SIGBUS, on_fault, &previous_bus, false);
  // Also where it is ignored, as in a shell's background job (Go, runtime/signal_unix.go,
  // sigInstallGoHandler).
  handle(SIGQUIT, on_quit, nullptr, true);
}

}  // namespace snag::detail
