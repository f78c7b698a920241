// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/stopped_program.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "detector/src/liveness/sources.h"
#include "detector/src/raw_io.h"
#include "detector/src/raw_signals.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

constexpr int stop_signal = SIGURG;

enum class answer : std::uint32_t { none, stopped, busy };
struct request {
  std::atomic<int> tid{0};
  std::atomic<answer> said{answer::none};
  thread_state* thread = nullptr;
  const std::byte* stack_pointer = nullptr;
  std::uintptr_t futex = 0;  // the word; 0: it does not wait for one
  std::uint32_t expected = 0;
};
// One search at a time (the world is stopped first), so one table; never given back.
constexpr std::size_t most_threads = 4096;
request* requests = nullptr;
std::atomic<std::size_t> asked{0};
std::atomic<std::uint32_t> go_on{0}, answers{0};  // futex words

void wait_on(std::atomic<std::uint32_t>& word, std::uint32_t seen, long nanoseconds) {
  const timespec limit{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, &limit, nullptr, 0);
}
void wake_all(std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 0x7fffffff, nullptr, nullptr, 0);
}

// Calls that a handler interrupts for good, whatever its flags (signal(7)). Who is in one is left alone: the
// program would see a sleep that ended early.
bool is_cut_short(long call) {
  switch (call) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_poll:
    case SYS_ppoll:
    case SYS_select:
    case SYS_pselect6:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
    case SYS_semop:
    case SYS_semtimedop:
    case SYS_msgrcv:
    case SYS_msgsnd:
    case SYS_io_getevents:
      return true;
    default:
      return false;
  }
}

// What /proc says that a thread is in; -1: in none, or it does not say.
long call_in_progress(int tid) {
  char path[64] = "/proc/self/task/";
  char* end = std::to_chars(path + std::strlen(path), path + 40, tid).ptr;
  std::strcpy(end, "/syscall");
  const int fd = raw_open(path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return -1;
  char text[32];
  const long n = syscall(SYS_read, fd, text, sizeof text);
  raw_close(fd);
  long call = -1;
  if (n > 0) std::from_chars(text, text + n, call);
  return call;
}

// A wait without a deadline that begins, or begins again, when the thread goes on. One that was woken stands
// after its system call instead, with the answer.
void note_futex(request& r, const greg_t* registers) {
  r.futex = 0;
  const auto* const code = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
  if (registers[REG_RAX] != SYS_futex || registers[REG_R10] != 0 || code[0] != 0x0f || code[1] != 0x05)
    return;
  const auto command = static_cast<int>(registers[REG_RSI]) & FUTEX_CMD_MASK;
  if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) return;
  r.futex = static_cast<std::uintptr_t>(registers[REG_RDI]);
  r.expected = static_cast<std::uint32_t>(registers[REG_RDX]);
}

// pre: all stand still.
std::uintptr_t slept_on(const request& r) {
  std::uint32_t now = 0;
  iovec to{&now, sizeof now}, from{reinterpret_cast<void*>(r.futex), sizeof now};
  const bool known = r.futex != 0 && syscall(SYS_process_vm_readv, raw_pid(), &to, 1L, &from, 1L, 0L) ==
                                         static_cast<long>(sizeof now);
  return known && now == r.expected ? r.futex : 0;
}

void on_stop(int, siginfo_t*, void* context) {
  const int saved = errno;
  const int tid = raw_tid();
  const std::uint32_t round = go_on.load(std::memory_order_acquire);
  for (std::size_t i = 0, n = asked.load(std::memory_order_acquire); i < n; ++i) {
    request& r = requests[i];
    if (r.tid.load(std::memory_order_relaxed) != tid || r.said.load() != answer::none) continue;
    const thread_state& t = *r.thread;
    const auto* const where = static_cast<const ucontext_t*>(context);
    const auto* const pc = reinterpret_cast<const void*>(where->uc_mcontext.gregs[REG_RIP]);
    // Registers are in the context, and that on this stack, unless the handler has one of its own.
    r.stack_pointer = reinterpret_cast<const std::byte*>(context);
    note_futex(r, where->uc_mcontext.gregs);
    const bool busy =
        t.inside.load(std::memory_order_relaxed) != 0 || t.internal_scopes != 0 ||
        // A worker between two goroutines has what it carries in its hands; one that sleeps does not.
        (party_on(t) == nullptr && !is_at_system_call(pc));
    r.said.store(busy ? answer::busy : answer::stopped, std::memory_order_release);
    answers.fetch_add(1, std::memory_order_release);
    wake_all(answers);
    while (!busy && go_on.load(std::memory_order_acquire) == round) wait_on(go_on, round, 1'000'000'000);
    break;
  }
  errno = saved;
}

extern "C" void snag_return_from_stop();
__asm__(
    ".pushsection .text\n"
    ".type snag_return_from_stop, @function\n"
    "snag_return_from_stop: mov $15, %eax\n"
    "syscall\n"
    ".size snag_return_from_stop, .-snag_return_from_stop\n"
    ".popsection\n");

void act(const kernel_action& wanted) { kernel_sigaction(stop_signal, &wanted, nullptr); }

// Everything is held back while a thread is stopped. (The kernel's own interface: ours of libc's is the
// program's.) Only while it is needed: who looks for handlers shall not take this for somebody who waits for
// a signal from outside.
bool prepare() {
  constexpr unsigned long restorer = 0x04000000;
  kernel_action present{};
  kernel_sigaction(stop_signal, nullptr, &present);
  if (reinterpret_cast<std::uintptr_t>(present.handler) > 1) return false;  // the program uses it
  if (requests == nullptr) requests = static_cast<request*>(internal_reserve(most_threads * sizeof(request)));
  act({on_stop, SA_SIGINFO | SA_RESTART | restorer, snag_return_from_stop, all_signals});
  return true;
}

}  // namespace

bool is_at_system_call(const void* pc) noexcept {
  const auto is_call = [](const unsigned char* code) { return code[0] == 0x0f && code[1] == 0x05; };
  const auto* const code = static_cast<const unsigned char*>(pc);
  return is_call(code) || is_call(code - 2);
}

stopped_program::stopped_program(thread_state& self) noexcept {
  if (!world.stop(self)) return;
  world_ = true;
  std::size_t n = 0;
  const auto counts = [&](const thread_state& t) { return &t != &self && !t.ended && t.runs_actors; };
  // (Once only: who waits in the kernel now may be about to come back, and waits for us then.)
  vector<thread_state*> running;
  for_each_thread([&](thread_state& t) {
    if (!counts(t)) return;
    if (const std::byte* const low = t.kernel_wait.load(std::memory_order_acquire); low != nullptr)
      others_.push_back({&t, low, 0});
    else
      running.push_back(&t);
  });
  n = running.size();
  if (n == 0) {
    stopped_ = true;
    return;
  }
  bool can_be_stopped = n <= most_threads;
  for (const thread_state* const t : running)  // (a worker minds no interruption)
    if (party_on(*t) != nullptr) can_be_stopped = can_be_stopped && !is_cut_short(call_in_progress(t->tid));
  if (!can_be_stopped || !prepare()) {
    worth_a_retry_ = false;
    return;
  }
  signals_ = true;
  for (std::size_t i = 0; i < n; ++i) {
    request& r = requests[i];
    r.thread = running[i];
    r.stack_pointer = nullptr;
    r.said.store(answer::none, std::memory_order_relaxed);
    r.tid.store(running[i]->tid, std::memory_order_relaxed);
  }
  const std::uint32_t before = answers.load();
  asked.store(n, std::memory_order_release);
  std::uint32_t expected = 0;
  const int pid = raw_pid();
  for (std::size_t i = 0; i < n; ++i) {
    if (syscall(SYS_tgkill, pid, requests[i].tid.load(), stop_signal) == 0)
      ++expected;
    else
      requests[i].thread = nullptr;  // it is gone
  }
  // Who does not come within a tenth of a second holds the signal back.
  constexpr long patience = 100'000'000, turn = 5'000'000;
  for (long waited = 0; waited < patience;) {
    const std::uint32_t now = answers.load(std::memory_order_acquire);
    if (now - before >= expected) break;
    wait_on(answers, now, turn);
    if (answers.load() == now) waited += turn;
  }
  stopped_ = worth_a_retry_ = answers.load() - before >= expected;
  for (std::size_t i = 0; i < n && stopped_; ++i) {
    if (requests[i].thread == nullptr) continue;
    if (requests[i].said.load(std::memory_order_acquire) != answer::stopped)
      stopped_ = false;
    else
      others_.push_back({requests[i].thread, requests[i].stack_pointer, slept_on(requests[i])});
  }
}

stopped_program::~stopped_program() {
  if (!world_) return;
  asked.store(0, std::memory_order_release);
  if (signals_) act({nullptr, 0, nullptr, 0});  // one that comes late is ignored
  go_on.fetch_add(1, std::memory_order_release);
  wake_all(go_on);
  world.resume();
}

}  // namespace snag::detector
