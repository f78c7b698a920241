// SPDX-License-Identifier: Apache-2.0
#pragma once
// What crosses between the core (who raced with whom, in numbers) and the reporter (names, text, exit
// status).
#include <signal.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "detector/hooks.h"
#include "detector/src/internal_memory.h"
#include "runtime/events.h"

namespace snag::detector {

class quarantine_lane;

enum class access_kind : std::uint8_t {
  read,
  write,
  atomic_read,
  atomic_write,
  allocation,
  deallocation,
  end_of_scope,  // of a local variable
};
constexpr bool is_write(access_kind k) { return k != access_kind::read && k != access_kind::atomic_read; }
constexpr bool ends_memory(access_kind k) {
  return k == access_kind::deallocation || k == access_kind::end_of_scope;
}
constexpr bool is_atomic(access_kind k) {
  return k == access_kind::atomic_read || k == access_kind::atomic_write;
}

enum class context_id : std::uint32_t { root = 0 };
enum class lock_set_id : std::uint32_t { none = 0 };  // lock_sets.h

struct raw_access {
  events::goroutine_id actor;
  access_kind kind;
  std::uint32_t size;                     // bytes
  const hooks::site* site;                // null: an allocation made by uninstrumented code
  context_id context;                     // the calls that led to the function of `site`
  lock_set_id locks = lock_set_id::none;  // that its actor held
  const hooks::site* last_release =
      nullptr;  // of its actor before it, and what led there; null: there was none
  context_id last_release_context = context_id::root;
};

struct raw_race {
  std::uint64_t address;  // first byte both touched
  raw_access current, previous;
  bool ordered = false;  // no race, but an access to memory that was freed before
  // Not 0: the previous one's goroutine has left this thread since. Then it is no race if the memory belongs
  // to the thread (thread_locals.h). The number of the calling thread's turn.
  std::uint32_t turn = 0;
  // Meetings that differ in the previous access's actor and locks alone, of which this is the first.
  std::uint64_t times = 1;
  // Not `other`: no memory of the program's, but two uses of such an object that have to be ordered
  // (object_use.h).
  events::object_kind of = events::object_kind::other;
  bool release_met = false;  // the current side knows of the previous one's last release
};

// An object used as it must not be.
enum class misuse_kind : std::uint8_t {
  // Locks. Other side: who holds it, if that is known.
  unlocked_twice,
  unlocked_by_another,
  unlocked_in_other_mode,  // held for reading, unlocked as held for writing, or the other way round
  destroyed_locked,
  // Condition variables. Other side: who holds the lock; who waits.
  waited_without_lock,
  waited_with_other_lock,
  destroyed_waited_for,
  // Channels and wait groups, by one who comes after the other side: the close; the first add.
  sent_on_closed,
  closed_twice,
  counted_below_zero,
  // Likewise, and nothing orders the two. (The third: by one who waits for an earlier round.)
  send_beside_close,
  close_beside_close,
  add_beside_wait,
  reused_beside_wait,
  done_beside_add,
  add_after_done,  // the same, and the done came first
};
struct raw_misuse {
  misuse_kind kind;
  events::object_kind object;
  std::uint64_t address;  // of the object
  raw_access now;         // who does it, and where; kind and size mean nothing
  raw_access other;       // the other side; no actor: there is none
};

// Why goroutines wait for ever (docs/deadlocks.md).
enum class deadlock_shape : std::uint8_t {
  self_lock,              // for a lock that it holds itself
  lock_cycle,             // each for a lock that the next one holds
  queued_writer,          // a lock cycle that is closed by a writer in the queue
  abandoned_lock,         // for a lock whose holder has ended
  mixed_cycle,            // a cycle through a lock and something else
  join_cycle,             // each for the end of the next one
  communication_cycle,    // each for what only the next one would send or take
  self_channel,           // for what only itself would do
  orphan,                 // for what nobody who is left does
  lost_wake_up,           // for a notification that came before
  wait_group_never_zero,  // for a count that nobody takes down
  still_running,          // not for ever; but it outlived its scope
};

struct raw_holder {
  events::goroutine_id who;
  enum class role : std::uint8_t { exclusive, shared, queued, ended, other } as;
  const hooks::site* site;  // where it took, or waits for, the lock; null: unknown
  context_id context;
};
struct raw_wait_target {
  events::wait_operation operation;
  events::object_kind kind;
  std::uint64_t address;  // of the object; 0: a nil channel
  std::span<const raw_holder> holders;
  // Where the last handle went of anybody but those who wait, or the last notification came.
  const hooks::site* last = nullptr;
  context_id last_context = context_id::root;
  events::goroutine_id last_by = events::goroutine_id::none;
  const hooks::site* made = nullptr;  // where the object was made; null: unknown
  context_id made_context = context_id::root;
  const hooks::site* last_created = nullptr;  // where that one was
  context_id last_created_context = context_id::root;
};
struct raw_wait {
  events::goroutine_id who;
  events::wait_reason reason;
  const hooks::site* site;
  context_id context;
  double seconds;       // that it has waited; -1: unknown
  std::uint64_t alike;  // others that wait as it does
  std::span<const raw_wait_target> targets;
  bool behind = false;  // not one of those that it takes: waits for them
};
// A stretch of code that asks for what it leaves behind (liveness/scopes.h).
struct raw_scope {
  const char *name, *file;  // null: it has none; it stands where it was opened
  std::uint32_t line;       // in `file`
  const hooks::site* site;
  context_id context;
  std::span<const char* const> ignored;  // patterns
};
// Goroutines or threads that can never run again, or (predicted) that in another order could not.
struct raw_deadlock {
  deadlock_shape shape;
  bool predicted = false, suspected = false;
  std::span<const raw_wait> waits;
  std::uint64_t times = 1;
  bool addendum = false;                   // it was reported before: more wait behind it now
  std::span<const raw_scope> scopes = {};  // to which somebody in it belongs
};

// A thread that has ended, which nobody joined or detached, nor ever will.
struct raw_unjoined {
  events::goroutine_id who, parent;
  const hooks::site* created;
  context_id created_context;
  const char* name;     // empty: it has none
  std::uint64_t times;  // that were created there
};

// What became of a report: nothing if it is suppressed, or ignored by its scopes.
struct told_finding {
  bool kept = false;
  string kind, shape, fingerprint, text;
};

// --- The reporter's side (reporter.cpp). Called on the racing thread with no line locked; may take
// milliseconds; re-entrant calls from the same thread are counted, not reported.
void report(const raw_race&) noexcept;
void report(const raw_misuse&) noexcept;
void report(const raw_deadlock&, told_finding* = nullptr) noexcept;
void report(const raw_unjoined&) noexcept;
// Whether one of the patterns fits an actor: its name, where it was started, or where it waits (a site; null:
// it does not).
bool fits_actor(std::span<const char* const> patterns, events::goroutine_id, const hooks::site*,
                context_id) noexcept;
// Whether the address lies in a heap block that was freed and is kept from being handed out again.
bool in_freed_block(std::uint64_t address) noexcept;

// The core calls these: start_reporter once, before main and before anything can race (it reads SNAG_OPTIONS,
// installs the exit, crash and fork handling, and opens the interposers); finalize from observer::on_exit
// (prints the summary, writes the document, answers the exit status; may be called again);
// thread_started/ended on every OS thread that runs the program's code: a crash on an exhausted stack needs
// an alternate one.
void start_reporter() noexcept;
int finalize(int status) noexcept;
void thread_started() noexcept;
void thread_ended() noexcept;
// The detector cannot go on: one line on stderr, findings kept, exit status 70.
[[noreturn]] void internal_error(const char* message) noexcept;

// --- The core's side, for the reporter.
struct actor_facts {
  events::goroutine_id id, parent;
  events::actor_kind kind;
  const char* name;  // null if unnamed; copied when the actor ended
  bool ended;
  const hooks::site* created_site;  // where go() was called; null for main
  context_id created_context;
};
// False if nothing names that actor any more. Ended actors are kept while a record names them.
bool find_actor(events::goroutine_id, actor_facts&) noexcept;

// Calls visit(site) for each call of the chain, innermost first; returns whether recursion was folded.
bool visit_context(context_id, void (*visit)(void*, const hooks::site&), void* argument) noexcept;

struct lock_facts {
  std::uint64_t address;
  events::object_kind kind;
  events::lock_mode mode;
  const hooks::site* site;  // where it was taken; null: unknown
  context_id context;
};
// Calls visit(lock) for each lock of the set, the latest first.
void visit_locks(lock_set_id, void (*visit)(void*, const lock_facts&), void* argument) noexcept;

// The process ends, after all its exit handlers, with this status: reports threads that were never joined
// (unjoined_threads.h).
void tell_unjoined_threads(int status) noexcept;

// Whose live stack an address lies in; goroutine_id::none if nobody's. For reports: may be slow.
events::goroutine_id find_stack(const void* address) noexcept;

// The registered table that a site belongs to (its module's sites); empty if none does. For reports.
std::span<const hooks::site> sites_around(const hooks::site&) noexcept;

// What was not checked or not remembered in this run, for whoever says so at its end. All zero in a run
// without gaps.
struct coverage_gaps {
  std::uint64_t in_signal_handlers;  // accesses by a handler that had interrupted the detector itself
  std::uint64_t by_nobody;   // accesses while no goroutine or known thread ran (a thread's last destructors)
  std::uint64_t unrecorded;  // accesses checked but not remembered: record or set ids were exhausted
  std::uint64_t without_stack;  // accesses whose chain of calls was lost (the stack's frames were stale)
  std::uint64_t without_locks;  // locks that went unmentioned: their table was full
};
coverage_gaps gaps() noexcept;

// The calling thread ends the process. If it is inside the core (a fault there, a stack that overflows), it
// never leaves, and nobody waits for it.
void thread_ends_process() noexcept;

// What a run took. For its end.
struct core_usage {
  bool waits_only = false;  // accesses are not checked at all
  std::uint64_t looks = 0;  // for who can never run again; nanoseconds that they took:
  std::uint64_t longest_look = 0, all_looks = 0, looks_on_processor = 0;
  std::uint64_t modules = 0, access_sites = 0;  // instrumented translation units, and places in them
  std::uint64_t records = 0;                    // of accesses, in use
  std::uint64_t shadow_bytes = 0, other_bytes = 0;
  std::uint64_t contexts = 0, context_bytes = 0;  // chains of calls, and their part of other_bytes
  std::uint64_t ignored = 0;                      // accesses in a race_ignore_scope
};
core_usage usage() noexcept;
// Whether instrumented code lies in [low, high).
bool module_has_sites(std::uintptr_t low, std::uintptr_t high) noexcept;

// Where the calling thread is now: the innermost call in progress and the chain that led to its function.
struct position {
  const hooks::site* call;
  context_id context;
};
position here() noexcept;
// The call alone, and none inside the detector: for interposers that check what they were given.
const hooks::site* call_in_progress() noexcept;
events::goroutine_id current_actor() noexcept;

// In a fork's handler, which keeps the other threads out of the core: lets in those that wait, for a moment
// (patience.h).
void step_aside_before_fork(unsigned round) noexcept;

// --- The core's side, for the interposers of memory functions. Byte ranges of the program's memory.
// Who allocates, and where, as a number for ever; 0: no instrumented call. (Recursion is folded, as in a
// context.)
struct block_maker {
  events::goroutine_id who = events::goroutine_id::none;
  std::uint32_t where = 0;
};
position position_of(std::uint32_t where) noexcept;
block_maker on_allocated(const void* block, std::size_t bytes) noexcept;  // a write by the caller
// A write (deallocation); then forgotten. Whether instrumented code gives the memory back, and it was
// checked.
bool on_freed(const void* block, std::size_t bytes) noexcept;
quarantine_lane& this_threads_quarantine() noexcept;              // quarantine.h
void on_unmapped(const void* begin, std::size_t bytes) noexcept;  // forgotten, shadow given back

// A lock is made by a call: whatever was known of one at that address is forgotten.
void on_lock_made(const void* lock) noexcept;

// --- The core's side, for the interposers of descriptors: what is sent into a channel that the kernel keeps
// (a pipe, a socket, a file) happens before what is received from it.
struct kernel_channel {
  std::uint64_t place = 0, object = 0;  // two numbers that tell it from others (descriptors.h); both 0: none
  bool operator==(const kernel_channel&) const = default;
};
void on_sent(kernel_channel) noexcept;      // before the system call
void on_received(kernel_channel) noexcept;  // after it

// --- The core's side, for waits in the kernel (kernel_wait.h). From here on the calling thread does not
// touch the program's memory, and all that the program has on its stack is above; null: it is back. Returns
// when nobody stops the program. Answers what was said before.
const std::byte* note_kernel_wait(const std::byte* stack_pointer) noexcept;
// A pointer, perhaps, that the kernel keeps for the program and hands back (epoll_ctl): whoever looks for
// pointers in memory has to see it. Kept for good.
void note_kept_by_kernel(std::uint64_t word) noexcept;

// While alive on this thread, hooks and interposers pass through: the detector's own work.
class internal_scope {
 public:
  internal_scope() noexcept;
  ~internal_scope();
  internal_scope(const internal_scope&) = delete;
};
bool inside_detector() noexcept;

// --- The core's side, for signals (deferred_signals.h).
using signal_handler = void (*)(int, siginfo_t*, void*);
// A mask as the kernel has it.
using signal_bits = std::uint64_t;
constexpr signal_bits bit_of(int number) { return signal_bits{1} << (number - 1); }
signal_bits bits_of(const sigset_t&) noexcept;
// In a handler. True: it interrupted the detector, and `handler` will be called when the thread has left
// that, with `blocked` and the signal itself held back from now on. `unwinds`: it may end the frames below.
bool defer_signal(int number, const siginfo_t&, void* context, signal_bits blocked, signal_handler handler,
                  bool unwinds) noexcept;

}  // namespace snag::detector
