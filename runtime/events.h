// SPDX-License-Identifier: Apache-2.0
#pragma once
// The seam between the runtime and whoever observes it: everything an observer may learn, as past facts.
// The runtime tells the installed observer what happened, once, at the place where it took effect, while
// the lock that orders the effect is still held. With no observer an event is one predictable branch:
//
//     if (events::observer* o = events::installed()) [[unlikely]] o->on_released(...);
//
// An observer that is installed for waits alone hears of less, by listening() (see `interest`).
//
// An observer never parks, never calls back into the runtime, never allocates from the user's heap.
// Thread-safe: events arrive from many OS threads at once; the events of one actor never overlap.
#include <cstddef>
#include <cstdint>
#include <span>

namespace snag::events {

enum class goroutine_id : std::uint64_t { none = 0, main = 1 };  // public, from 1, never reused

// One word that belongs to the observer, inside every object the runtime hands out: no address lookup.
// Zero at construction. The observer frees what it put there in the matching on_…_destroyed / ended event.
struct observer_slot {
  void* state = nullptr;
};

enum class actor_kind : std::uint8_t {
  goroutine,  // has a stack of its own; runs on workers
  thread,     // an OS thread that the runtime did not make, acting in its own name
  timer,      // a timer that sends or starts something in the name of whoever armed it; never runs code
};

// Whoever performs an operation. The runtime's goroutine derives from it.
struct actor {
  goroutine_id id = goroutine_id::none;  // threads draw from the same sequence
  actor_kind kind = actor_kind::goroutine;
  const char* name = nullptr;  // user-given, or null; lives as long as the actor
  observer_slot slot;
};

enum class object_kind : std::uint8_t {
  channel,
  mutex,
  shared_mutex,
  once,
  condition_variable,
  wait_group,
  timer,
  context,
  semaphore,
  pthread_mutex,
  pthread_cond,
  pthread_rwlock,
  pthread_once,
  other,
};

// Any synchronisation object. Runtime objects derive from it or hold one as a member.
struct object {
  object_kind kind = object_kind::other;
  bool is_proxy = false;  // a proxy_object
  observer_slot slot = {};
};
// Stands for an object that has no room for one, such as a pthread_mutex_t. Whoever looks for pointers in
// memory shall not take this for a user of that object: its address is written in complement.
struct proxy_object : object {
  std::uintptr_t complement_of = ~std::uintptr_t{0};
  bool replaced = false;  // destroyed because something else was found at its address, not by the program
};
// Where the program has the object.
inline const void* address_of(const object& o) noexcept {
  return o.is_proxy ? reinterpret_cast<const void*>(~static_cast<const proxy_object&>(o).complement_of) : &o;
}

// Where: the return address of the public operation, i.e. an address in the user's code; null if unknown.
// An instrumented program's full context (call chain, resolved names) is the observer's to find: see
// detector/hooks.h, snag_frame.
struct site {
  const void* pc = nullptr;
};

enum class lock_mode : std::uint8_t { exclusive, shared };
enum class direction : std::uint8_t { send = 1, receive = 2, both = 3 };
// `sleep` is a deadline: `on` is null, and it always comes.
enum class wait_operation : std::uint8_t { send, receive, lock, lock_shared, wait, sleep, io, join };

struct wait_target {
  const object* on;  // null: a nil channel, which never becomes ready (but see sleep and join)
  wait_operation operation;
  const actor* whom = nullptr;  // join: for whose end
  const void* word =
      nullptr;  // wait: the futex word that its thread sleeps on; null: one of the object's own
};
enum class wait_mode : std::uint8_t { all_of, any_of };

// What must not be done with an object, and is noticed when it is.
enum class misuse : std::uint8_t {
  // Answered by a panic.
  send_on_closed,
  close_of_closed,
  negative_count,  // of a wait group
  // Undefined: of a condition variable (POSIX, [pthread_cond_wait], [pthread_cond_destroy]).
  wait_with_other_lock,  // than somebody who waits
  destroyed_waited_for,
};

// Why a goroutine is parked; the words are Go's (runtime/runtime2.go, waitReasonStrings).
enum class wait_reason : std::uint8_t {
  none,
  chan_send,
  chan_receive,
  chan_send_nil,
  chan_receive_nil,
  select,
  select_no_cases,
  sleep,
  mutex_lock,
  shared_mutex_lock,
  shared_mutex_rlock,
  wait_group,
  condition_wait,
  once,
  semaphore,
  io,
  // Something that the library or the kernel does. With wait_operation::wait: for a word at the object, or
  // within it, on which the thread sleeps in the kernel. It may be about to, or be back already.
  foreign,
  bubble_run,
  bubble_wait,
};

// A moment at which none of the program's goroutines runs but the one that tells of it, if it is one.
enum class lull : std::uint8_t {
  idle,    // the scheduler of a seeded run: nobody can run before time passes or somebody outside acts
  ending,  // main has returned, or exit was called; the other goroutines are stopped as far as they could be
  deadlock,  // nobody will ever run: the program has said so and is about to die
};

// A stretch of an actor's run: what it starts meanwhile, and what that starts, belongs to it, and at its end
// somebody asks what of that is left. Made by whoever asks; it lives until on_scope_closed has returned.
struct scope {
  const char* name = nullptr;            // null: it has none
  const char* file = nullptr;            // where it stands, if not where it was opened
  std::uint32_t line = 0;                // in `file`
  std::span<const char* const> ignored;  // parts of names: whoever bears one does not count
  observer_slot slot = {};
};
enum class scope_rest : std::uint8_t {
  none,     // everybody has ended, or can never run again
  waiting,  // whoever is left waits, and may go on
  running,  // somebody runs, or is about to
};
// What an observer has to say about a scope's own. The text lives as long as the call that brings it.
struct scope_finding {
  const char *kind, *shape, *fingerprint, *text;
};

struct stack_bounds {
  std::byte* low = nullptr;  // lowest usable address
  std::byte* high = nullptr;
};

// What an observer wants to hear of. What it does not is not told, and costs what it costs unobserved.
enum class interest : std::uint8_t {
  everything,
  // Who lives, runs where, waits for what; lulls, the end, and memory. Operations that do not wait stay
  // inline; what they change is written down by the runtime, for whoever asks: who holds which lock in the
  // `holdings` of its actor, and where handles lie (census.h, visit_handles). Told are
  //   on_created, on_started, on_ended, on_unwound, on_switched, on_joined, on_named (not of timers),
  //   on_blocked, on_unblocked, on_lull, on_search_wanted, on_scope_…, on_exit, on_stacks_mapped,
  //   on_holdings_full,
  //   on_object_created of channels, wait groups and contexts,
  //   on_object_destroyed of locks, initialisers and what POSIX objects go by,
  //   on_lock_disowned where somebody lets go of what it does not hold.
  waits,
};

// A lock that an actor holds, or an initialiser that it runs.
struct holding {
  static constexpr std::size_t most_places = 4;
  std::uintptr_t lock = 0;  // its address; the lowest bit: for reading
  // Where it was taken: the return address of the operation, and those of its callers as far as their frames
  // are as small as a wrapper's. A null ends a shorter list.
  const void* places[most_places] = {};
};
// What an actor holds, the latest last: [first, next). An observer with interest::waits hangs an object that
// begins with this into the slot of each goroutine and thread. The actor itself changes it: an entry comes
// after the lock is taken, and goes before it is free. A signal may stop it between the two.
struct holdings {
  holding* first = nullptr;
  holding* next = nullptr;
  holding* limit = nullptr;
};

class observer {
 public:
  virtual ~observer() = default;

  // --- Life of actors. `parent` may be null for main and for threads whose creation was not seen.
  virtual void on_created(actor& child, actor* parent, site) {}
  virtual void on_started(actor&, stack_bounds) {}  // first instruction, on its own stack and OS thread
  virtual void on_ended(actor&, stack_bounds) {}    // last; the stack may be reused when this returns
  // A thread's start routine is over; it may have been left without returning from what it called
  // (pthread_exit, cancellation). Destructors of thread_locals and pthread keys may follow, then on_ended.
  virtual void on_unwound(actor&) {}
  // This OS thread stops running `from` and is about to run `to`; null: the scheduler itself. Called on the
  // OS thread, after `from` stopped and before `to` continues.
  virtual void on_switched(actor* from, actor* to) {}
  virtual void on_joined(actor& waiter, actor& ended) {}  // threads only: goroutines have no join
  virtual void on_detached(actor& thread) {}              // nobody will join it; it may have ended
  virtual void on_named(actor&) {}

  // --- Happens-before. `self` need not be the caller: a sender acquires and releases for the receiver it
  // found parked. `part` selects one of an object's independent clocks (a channel's buffer slot, …).
  virtual void on_acquired(actor& self, object&, std::size_t part, site) {}
  virtual void on_released(actor& self, object&, std::size_t part, site) {}          // replaces the clock
  virtual void on_released_merging(actor& self, object&, std::size_t part, site) {}  // joins into it

  // --- Channels (capacity known from on_object_created). Called under the channel's lock.
  // Buffered transfer through slot k % capacity: acquires and releases that slot (Go memory model, k and
  // k+C).
  virtual void on_buffered(actor& self, object& channel, std::size_t slot, direction, site) {}
  // Unbuffered transfer: both sides release to and acquire from each other. `partner` is parked.
  virtual void on_rendezvous(actor& self, actor& partner, object& channel, direction of_self, site) {}
  virtual void on_closed(actor& self, object& channel, site) {}
  virtual void on_received_closed(actor& self, object& channel, site) {}  // acquires the close

  // --- What has to be ordered with the object's other such uses, and itself orders nothing. Of a channel: a
  // send that does not succeed (it waits, finds no room, is not chosen, or panics) and, as `writes`, a close
  // that panics. Of a wait group, as `writes`: a wait, before it acquires anything.
  virtual void on_touched(actor& self, object&, bool writes, site) {}
  // A wait group's count changed by `delta`, and is `count` now. Told in the order of the changes.
  virtual void on_counted(actor& self, object& group, std::int32_t delta, std::int32_t count, site) {}

  // --- Misuse. `other`: who waits, where somebody does. `words`: of the panic that follows, which may yet be
  // caught; null: none does.
  virtual void on_misused(actor& self, object&, misuse, actor* other, const char* words, site) {}
  // A panic with these words ends the program; told when it has been printed.
  virtual void on_panicked(actor& self, const char* words) {}

  // --- Timers: the timer's actor takes over the clock of whoever armed or reset it.
  virtual void on_timer_armed(actor& timer, actor& armer, site) {}

  // --- Objects. `size`: a channel's capacity in elements, else 0.
  virtual void on_object_created(object&, actor* creator, std::size_t size, site) {}
  virtual void on_object_destroyed(object&) {}
  virtual void on_object_named(object&, const char* name) {}

  // --- Locks: who owns what, in which mode; `tried`: by a try_ operation, which cannot close a cycle.
  virtual void on_lock_owned(actor& self, object& lock, lock_mode, bool tried, site) {}
  virtual void on_lock_disowned(actor& self, object& lock, lock_mode, site) {}
  // Both halves of what happens to a mutex, whose clock is part 0: for an observer that makes one step of it.
  virtual void on_mutex_locked(actor& self, object& mutex, bool tried, site where) {
    on_acquired(self, mutex, 0, where);
    on_lock_owned(self, mutex, lock_mode::exclusive, tried, where);
  }
  virtual void on_mutex_unlocking(actor& self, object& mutex, site where) {  // before it is free for others
    on_lock_disowned(self, mutex, lock_mode::exclusive, where);
    on_released(self, mutex, 0, where);
  }

  // --- Waiting. `self` is about to send or receive, and will wait if need be: there is no other case, no
  // default and no deadline.
  virtual void on_waits_for_others(actor& self, object&, wait_operation, site) {}
  // `self` waits for a condition variable as soon as it has given its lock back, which comes next.
  virtual void on_waits_unlocking(actor& self, object& condition, site) {}
  virtual void on_blocked(actor& self, wait_reason, wait_mode, std::span<const wait_target>, site) {}
  virtual void on_unblocked(actor& self, actor* by) {}

  virtual void on_lull(lull) {}
  // Somebody wants to know now who can never run again. `stack_pointer`: what the calling actor has on its
  // stack is above; null: the caller's frame is. `where`: in a signal handler, what that interrupted.
  virtual void on_search_wanted(const std::byte* stack_pointer, site where) {}

  // --- Scopes of `self`. They nest, and who is asked about need not stand still meanwhile.
  virtual void on_scope_opened(actor& self, scope&, site) {}
  virtual scope_rest on_scope_asked(actor& self, scope&) { return scope_rest::none; }
  // Whoever is left now is left over. Brings what was found while the scope was open, too; `tell` may
  // allocate and take locks.
  virtual void on_scope_closed(actor& self, scope&, void (*tell)(void* to, const scope_finding&), void* to) {}

  // --- Counted handles (chan, wait_group, context): an object gained or lost a handle at an address.
  virtual void on_handle_gained(object&, direction, const void* at) {}
  virtual void on_handle_lost(object&, direction, const void* at) {}

  // --- interest::waits: `self` has taken one more lock than its holdings have room for. Makes room.
  virtual void on_holdings_full(actor& self) {}

  // --- Races that are meant: what `self` accesses is not to be reported until the reason is taken back
  // (null). Reasons nest; each lives at least until it is taken back.
  virtual void on_races_ignored(actor& self, const char* reason) {}

  // --- Memory the runtime manages: a range of address space holds goroutines' stacks, or their control
  // blocks, from now on.
  virtual void on_stacks_mapped(std::byte* low, std::byte* high) {}

  // --- The end. A panic, fatal error or deadlock prints its own message first. The observer flushes what it
  // knows and answers the exit status to use (2 always wins).
  virtual int on_exit(int status) { return status; }

  // --- A POSIX timer that will send a signal; `timer` is what siginfo_t::si_timerid will say.
  virtual void on_signal_timer_armed(std::uint32_t timer, actor& armer, site) {}
};

// Happens before main and at most once.
void install(observer&, interest = interest::everything);

namespace detail {  // written once, before any goroutine or thread exists
extern observer* current_observer;
extern observer* current_listener;
}  // namespace detail
// Who hears of everything, and who hears of waits: the same, or one of them null.
#ifdef SNAG_UNOBSERVABLE  // to measure what being observable costs: bench/channel_bench.cpp
constexpr observer* installed() noexcept { return nullptr; }
constexpr observer* listening() noexcept { return nullptr; }
#else
inline observer* installed() noexcept { return detail::current_observer; }
inline observer* listening() noexcept { return detail::current_listener; }
#endif

}  // namespace snag::events
