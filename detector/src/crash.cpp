// SPDX-License-Identifier: Apache-2.0
#include "detector/src/crash.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#include <atomic>

#include "detector/src/ending.h"
#include "detector/src/fault_place.h"
#include "detector/src/race.h"
#include "detector/src/raw_io.h"
#include "detector/src/report_log.h"
#include "detector/src/reporter.h"
#include "detector/src/roomy_stack.h"

extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;  // glibc's other name

namespace snag::detector {
namespace {

struct watched_signal {
  int number;
  const char* name;
  bool crash;        // else: somebody wants us to stop
  bool has_address;  // si_addr says what the program touched, or where it was
};
constexpr watched_signal watched[] = {
    {SIGSEGV, "SIGSEGV", true, true},   {SIGBUS, "SIGBUS", true, true},
    {SIGFPE, "SIGFPE", true, true},     {SIGILL, "SIGILL", true, true},
    {SIGABRT, "SIGABRT", true, false},  {SIGTRAP, "SIGTRAP", true, false},
    {SIGSYS, "SIGSYS", true, false},    {SIGXCPU, "SIGXCPU", false, false},
    {SIGXFSZ, "SIGXFSZ", false, false}, {SIGINT, "SIGINT", false, false},
    {SIGTERM, "SIGTERM", false, false}, {SIGHUP, "SIGHUP", false, false},
    {SIGPIPE, "SIGPIPE", false, false}, {SIGALRM, "SIGALRM", false, false},
    {SIGUSR1, "SIGUSR1", false, false}, {SIGUSR2, "SIGUSR2", false, false},
};

// Numbers into fixed text: nothing here may allocate.
const char* number_text(std::uint64_t n, unsigned base, char (&out)[24]) {
  char* at = out + sizeof out;
  *--at = '\0';
  do *--at = "0123456789abcdef"[n % base];
  while ((n /= base) != 0);
  return at;
}

constinit std::atomic<int> dying_thread{0};

void die_by(int signal) {
  // Blocked while this handler runs: delivered, with its default action, when the handler returns.
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  real_sigaction(signal, &action, nullptr);
  syscall(SYS_tgkill, raw_pid(), raw_tid(), signal);
}

void tell(const watched_signal& w, const siginfo_t& info, const ucontext_t& context) {
  char count[24], id[24], address[24], sender[24];
  const char* const kept = finding_count_text(count);
  const auto actor = static_cast<std::uint64_t>(current_actor());
  const bool sent = info.si_code <= 0;
  const bool own = sent && info.si_pid == raw_pid();
  const bool placed = w.has_address && !sent;
  const bool nowhere =
      placed && info.si_code == SI_KERNEL;  // the processor does not say which address it was
  const fault_place at = placed ? place_of_fault(info, context) : fault_place{};
  const char* const by = !w.crash || !sent ? ""
                         : own             ? (w.number == SIGABRT ? "" : " raised by the program")
                                           : " sent by process ";
  say(w.crash ? "program crashed: " : "interrupted: ", at.stack_overflow ? "stack overflow, " : "", w.name,
      nowhere  ? " at an address that cannot exist"
      : placed ? " at 0x"
               : "",
      placed && !nowhere ? number_text(at.address, 16, address) : "", by,
      w.crash && sent && !own ? number_text(static_cast<std::uint64_t>(info.si_pid), 10, sender) : "",
      w.crash && actor != 0 ? " in goroutine " : "", w.crash && actor != 0 ? number_text(actor, 10, id) : "",
      "; ", kept, " kept");
}

void on_fatal_signal(int number, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const watched_signal* w = nullptr;
  for (const watched_signal& candidate : watched)
    if (candidate.number == number) w = &candidate;
  int nobody = 0;
  const int self = raw_tid();
  if (!w || !is_own_process()) return die_by(number);
  const internal_scope scope;
  if (!dying_thread.compare_exchange_strong(nobody, self)) {
    if (nobody == self) return die_by(number);  // crashed while handling a crash
    const timespec moment{1, 0};
    for (int i = 0; i < 5; ++i) syscall(SYS_nanosleep, &moment, nullptr);  // the other thread ends us all
    return die_by(number);
  }
  tell(*w, *info, *static_cast<const ucontext_t*>(context));
  const int status = finish({w->crash ? "crashed" : "interrupted", w->name, -1});
  if (status >= 0) raw_exit(status);
  errno = saved_errno;
  die_by(number);
}

constexpr std::size_t alternate_size = 64 * 1024;
constinit thread_local void* alternate = nullptr;

}  // namespace

const char* finding_count_text(char (&out)[24]) noexcept {
  const std::uint64_t n = findings_kept();
  if (n == 0) return "no findings";
  char digits[24];
  const char* number = number_text(n, 10, digits);
  const char* word = n == 1 ? " finding" : " findings";
  std::size_t at = 0;
  for (const char* part : {number, word})
    while (*part && at + 1 < sizeof out) out[at++] = *part++;
  out[at] = '\0';
  return out;
}

bool is_fatal_signal(int number) noexcept {
  for (const watched_signal& w : watched)
    if (w.number == number) return true;
  return false;
}

struct sigaction fatal_action() noexcept {
  struct sigaction action{};
  action.sa_sigaction = on_fatal_signal;
  // (It never returns, and so ends no call early, as a handler without the last flag would.)
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&action.sa_mask);  // one handler at a time on a thread; a fault inside ends the process at once
  return action;
}

int real_sigaction(int number, const struct sigaction* wanted, struct sigaction* old) noexcept {
  return __sigaction(number, wanted, old);
}

void watch_for_crashes() noexcept {
  thread_started();
  for (const watched_signal& w : watched) {
    struct sigaction present{};
    if (real_sigaction(w.number, nullptr, &present) != 0 || (present.sa_flags & SA_SIGINFO) != 0 ||
        present.sa_handler != SIG_DFL)
      continue;
    const struct sigaction action = fatal_action();
    real_sigaction(w.number, &action, nullptr);
    note_fatal_handler_installed(w.number);
  }
}

void thread_started() noexcept {
  stack_t present{};
  if (alternate || sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  void* memory = raw_map(alternate_size);
  if (!memory) return;
  stack_t ours{};
  ours.ss_sp = memory;
  ours.ss_size = alternate_size;
  if (sigaltstack(&ours, nullptr) == 0)
    alternate = memory;
  else
    raw_unmap(memory, alternate_size);
}

void thread_ended() noexcept {
  forget_stand_in_stack();
  if (!alternate) return;
  stack_t present{};
  if (sigaltstack(nullptr, &present) == 0 && present.ss_sp == alternate) {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
  }
  raw_unmap(alternate, alternate_size);
  alternate = nullptr;
}

}  // namespace snag::detector
