// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.h"

#include <iterator>
#include <vector>

namespace snag::cli {
namespace {

constexpr rule table[] = {
    {"data-race", "two goroutines or threads touch one variable, and nothing orders them",
     R"(Two accesses overlap in memory, at least one of them writes, at least one is not atomic, and no chain of
synchronisation (a channel operation, a lock handed over, a wait group, an atomic release that an acquire
reads, starting or joining) leads from the one to the other. In C++ that is undefined behaviour, however
seldom it shows: the compiler may keep the variable in a register, and the processor may reorder.

The report holds for every run in which both accesses execute, not only for this interleaving: it looks at
the order that the program establishes, not at which access came first by the clock. `free`, the end of a
captured local's life and a first write after allocation count as writes, so use after free by another
goroutine is reported under this rule too.)",
     R"(int counter = 0;
int main() {
  snag::wait_group group;
  group.go([] { ++counter; });   // unordered with …
  ++counter;                     // … this one
  group.wait();
})",
     R"(Give the variable one owner and send values over a channel; or hold the same snag::mutex (or std::mutex) at
every access; or, for a single counter or flag, make it std::atomic; or wait (wait_group, channel, join) before
the second access. "Capture by value" is the cure where a lambda took a loop variable by reference. Sleeping
is no cure: it orders nothing. A race that is meant is no exception: make the variable std::atomic and use
memory_order_relaxed, which costs nothing on a plain load or store.)"},
    {"deadlock", "every goroutine waits, and nobody is left to wake one",
     R"(The runtime found that each goroutine is blocked on a channel, lock, wait group or condition, that no timer
is pending, and that no other thread can act. The program prints "fatal error: all goroutines are asleep -
deadlock!" with every goroutine's wait, and ends with status 2, as Go does. Those that wait for ever while others still run
are found with -race or -deadlock: see the shapes lock-cycle, orphan and so on.)",
     R"(int main() {
  snag::chan<int> c;   // unbuffered: a send waits for a receiver
  c << 1;              // there is none
  c.recv();
})",
     R"(Look at what each goroutine waits for in the dump. Usual causes: nobody receives (start the receiver first, or
give the channel a buffer), nobody closes a channel that a range loop reads, wait_group counts one task too
many, or two locks are taken in opposite orders (std::scoped_lock takes both at once).)"},
    {"panic", "an exception or a broken rule of the language ended the program",
     R"(snag::panic was called, an exception left a goroutine uncaught, or an operation that Go forbids was tried.
The message starts with "panic:", the goroutine's stack follows, and the status is 2, even if there are
findings.)",
     R"(int main() {
  snag::go([] { throw std::runtime_error("no such file"); });
  snag::sleep_for(std::chrono::seconds(1));
})",
     R"(Catch the exception inside the goroutine that may throw it: nobody else can. Carry errors to another goroutine
as values over a channel.)"},
    {"send-on-closed-channel", "a value was sent on a channel that is closed",
     R"(Sending on a closed channel panics ("send on closed channel"), whoever closed it. Receiving from one is fine: it
gives what is buffered and then zero values.)",
     R"(snag::chan<int> c(1);
c.close();
c << 1;)",
     R"(Let only the sender close, once all sends are done; with several senders, count them with a wait_group and close
after wait(). To tell senders to stop, use a second channel or a context.)"},
    {"close-of-closed-channel", "a channel was closed twice",
     R"(The second close panics ("close of closed channel"), and closing a nil channel panics too ("close of nil
channel"). If two goroutines may close, which of them panics depends on the schedule.)",
     R"(snag::chan<int> c;
c.close();
c.close();)",
     R"(Decide who owns the channel, and close there; or close under a snag::once.)"},
    {"negative-wait-group", "wait_group::done was called more often than add counted",
     R"(The counter of a wait group went below zero: panic "sync: negative WaitGroup counter".)",
     R"(snag::wait_group group;
group.done();)",
     R"(Use group.go(f), which counts for you; else call add(1) before the goroutine starts, in the goroutine that starts
it, and done() once, from a snag::defer.)"},
    {"unlock-of-unlocked-mutex", "a mutex was unlocked that the caller does not hold",
     R"(A fatal error, status 2, which catch does not see. snag::mutex has an owner, as std::mutex has and Go's mutex
has not: what another goroutine holds may not be unlocked either.)",
     R"(snag::mutex m;
m.unlock();)",
     R"(Use std::lock_guard or std::unique_lock. To hand permission from one goroutine to another, use a channel of
capacity one or a semaphore, which have no owner.)"},
    {"unlock-of-unlocked", "a mutex was unlocked that nobody holds",
     R"(Undefined for std::mutex and POSIX, where the program goes on with a broken lock; a snag::mutex ends the program
(unlock-of-unlocked-mutex).)",
     R"(std::mutex m;
m.unlock();)",
     R"(Use std::lock_guard or std::unique_lock: they unlock once, and only what they have locked.)"},
    {"unlock-by-another", "a mutex was unlocked that another goroutine or thread holds",
     R"(A lock belongs to whoever took it. Its holder believes to be alone still, and is not. Locks for reading count,
too.)",
     R"(std::mutex m;
m.lock();
std::thread([&] { m.unlock(); }).join();)",
     R"(Unlock where it was locked. To hand permission on, use a channel of capacity one or a semaphore, which have no
owner.)"},
    {"unlock-in-other-mode", "a lock held for reading was unlocked as if for writing, or the other way round",
     R"(unlock() belongs to lock(), unlock_shared() to lock_shared(). Mixed up, the count of readers is wrong from
then on.)",
     R"(snag::shared_mutex m;
m.lock_shared();
m.unlock();)",
     R"(Use std::shared_lock for reading and std::unique_lock for writing.)"},
    {"destroyed-locked", "a mutex ended while somebody held it",
     R"(Its holder unlocks what is no more, and whoever waits for it waits for ever. (The destructor of std::mutex does
nothing that could be seen.))",
     R"({ snag::mutex m;
  m.lock(); }   // m ends, and is locked)",
     R"(Unlock before its end, and let the mutex live as long as whoever may lock it.)"},
    {"use-after-free", "heap memory was accessed after it had been freed, in that order in every schedule",
     R"(A lock, a channel or the like orders the free before the access, so it is no race, and it is always wrong: the
block may be somebody else's by then. Not ordered, it is a data-race with the free. Seen while the block is
kept from reuse: the last 2,048 blocks of at most 4 KiB.)",
     R"(int* shared = new int(1);
snag::chan<void> freed;
snag::go([=] { delete shared; freed.close(); });
freed.recv();
int value = *shared;)",
     R"(Let the block live until its last user is done: a std::shared_ptr, or a single owner that is waited for.)"},
    {"send-beside-close", "a send and a close of one channel, and nothing orders them",
     R"(Whichever came first this time, the send could come after the close, and panic. A select sends on every channel
that it offers something to, also if it chose another case; a try_send that found no room sends, too.)",
     R"(snag::chan<int> c(1);
snag::go([=] { c << 1; });
c.close();)",
     R"(Close only after the last send: let the sender close, or wait for all senders first. To stop senders, use a second
channel or a context.)"},
    {"close-beside-close", "two goroutines may close one channel, and nothing orders them",
     R"(The second close panics, whichever it is.)",
     R"(snag::chan<void> c;
snag::go([=] { c.close(); });
c.close();)",
     R"(Decide who owns the channel, and close there; or close under a snag::once.)"},
    {"add-beside-wait", "a wait group is added to at zero beside a wait, and nothing orders them",
     R"(An add that finds the count at zero has to come before the wait: else the wait may find nothing to wait for, and
return before the work is done. It is reported whichever came first. An add by one who is counted already is free.)",
     R"(snag::wait_group group;
snag::go([=] { group.add(1); work(); group.done(); });
group.wait();)",
     R"(Use group.go(f), which counts before the goroutine starts; or call add(1) there.)"},
    {"reuse-beside-wait", "a wait group is used again beside a wait for its last round",
     R"(The add that begins another round has to come after all waits for the last one have returned. Else such a wait
may miss its round's end and wait for the next, or panic: "WaitGroup is reused before previous Wait has returned".)",
     R"(snag::wait_group group;
group.go(first);
snag::go([=] { group.wait(); });
group.wait();
group.go(second);   // the other one may still wait)",
     R"(Use a group for each round; or let all who wait tell that they have returned, before the next add.)"},
    {"done-beside-add", "a done() that may come before the add that counts it in",
     R"(Nothing orders the first add of the round before the done(). If the done comes first, the count is negative, which
panics. It is reported whichever came first.)",
     R"(snag::wait_group group;
jobs << 1;      // whoever takes it calls group.done()
group.add(1);)",
     R"(Count in before the work is given away.)"},
    {"wait-without-lock", "a condition variable is waited for without its lock",
     R"(The wait gives the lock back, so the caller has to hold it. For std::condition_variable and pthread_cond_wait it
is undefined otherwise; a snag::mutex ends the program.)",
     R"(std::unique_lock<std::mutex> hold(m, std::defer_lock);
arrived.wait(hold);)",
     R"(Lock, look at the condition, and wait in a loop while it does not hold.)"},
    {"wait-with-other-lock", "two wait at once for one condition variable with different mutexes",
     R"(Undefined for std::condition_variable and pthread_cond_wait: all who wait at one time have to use one mutex.)",
     R"(std::unique_lock<std::mutex> hold(first ? a : b);
arrived.wait(hold);)",
     R"(Use the mutex that guards the condition, everywhere; or std::condition_variable_any.)"},
    {"destroyed-waited-for", "a condition variable ends while somebody waits for it",
     R"(Whoever waits is never woken, or touches what is no more. Those who were notified do not count, even if they have
not returned yet.)",
     R"({ std::condition_variable arrived;
  std::thread([&] { std::unique_lock hold(m); arrived.wait(hold); }).detach(); })",
     R"(Notify all, and join those who could wait anew, before it goes.)"},
    {"stack-overflow", "a goroutine used more stack than it has",
     R"(The goroutine ran into the guard page below its stack. The report names it and shows where it was. Nothing was
overwritten. Most often the recursion has no end; large local arrays count too.)",
     R"(int depth(int n) { return depth(n + 1) + 1; }
int main() { return depth(0); })",
     R"(End the recursion, put large buffers on the heap, or give that goroutine more:
snag::go({.stack_size = 8 << 20}, f).)"},
    {"self-lock", "somebody locks a mutex again that it holds",
     R"(A goroutine or thread waits for a lock that it holds itself, or reads while a writer waits behind its own reading.
snag::mutex and std::mutex are not recursive, so it waits for ever.)",
     R"(void deposit(account& a) {
  std::lock_guard guard(a.mutex);
  log(a);            // locks a.mutex again
})",
     R"(Split the function: one that locks, and one that expects the lock to be held and is called by the first. Or unlock
before the call.)"},
    {"lock-cycle", "each holds a lock that the next one wants",
     R"(Two or more goroutines or threads took locks in different orders and now wait for each other. Certainty `predicted`
says that it did not happen in this run and could in another one: snag run --seeds 100 looks for that.)",
     R"(std::thread a([&] { std::lock_guard x(m); std::lock_guard y(n); });
std::thread b([&] { std::lock_guard x(n); std::lock_guard y(m); });)",
     R"(Take locks in one order everywhere, or several at once: std::scoped_lock both(m, n).)"},
    {"queued-writer", "a reader waits behind a writer that waits for a reader",
     R"(A lock that lets writers go first makes new readers wait behind them. Who holds it for reading and reads again then
waits for the writer, which waits for the first reading to end: alone, or through another lock.)",
     R"(std::shared_lock outer(table);     // snag::shared_mutex
std::shared_lock inner(table);     // a writer came in between: neither goes on)",
     R"(Do not lock for reading what the same goroutine reads already, nor wait for another reader while it is held.)"},
    {"abandoned-lock", "who held the lock has ended",
     R"(Somebody waits for a lock whose holder ended without unlocking it. Nobody can unlock it any more.)",
     R"(snag::go([&] { m.lock(); if (empty()) return; use(); m.unlock(); });)",
     R"(Use std::lock_guard or std::unique_lock: they unlock on every way out.)"},
    {"mixed-cycle", "a cycle of waits through a lock and a channel, a wait group or a join",
     R"(Somebody holds a lock while it waits for a channel, a wait group or the end of a thread, and whoever has to bring that
about waits for the lock; or one counts the others out before it tells them to stop.)",
     R"(std::lock_guard guard(m);
results.recv();        // the sender locks m first)",
     R"(Unlock before waiting for others, or let them do their part without the lock.)"},
    {"join-cycle", "threads that each wait for the end of the next one",
     R"(A thread joins another that, at the end of a chain of joins, waits for the first one to end.)",
     R"(std::thread a([&] { b.join(); }), b([&] { a.join(); });)",
     R"(Let one thread, mostly the one that started them, join all the others.)"},
    {"communication-cycle", "each offers something to the next, and nobody takes",
     R"(Goroutines send to each other at the same time, on channels without room. Each would take what it is offered only
after its own send.)",
     R"(snag::go([=] { a.send(1); b.recv(); });
snag::go([=] { b.send(1); a.recv(); });)",
     R"(Let one of them receive first, send and receive in one select, or give the channels room for what may be under way.)"},
    {"self-channel", "whoever could serve the channel waits for it, too",
     R"(All who have the other end of a channel wait to receive from it, at different places: none of them is left to send.)",
     R"(c.recv();           // here
snag::go([=] { c.recv(); c.send(1); });   // and there)",
     R"(Give the sending end to somebody who does not wait for it, and the others a snag::recv_chan only.)"},
    {"orphan", "nobody who is left does what a goroutine waits for",
     R"(A goroutine waits on a channel, a semaphore or the like, and nobody who can still run has a way to it: the other side
has ended, has returned early or has lost its handle. The report says where the last handle went.)",
     R"(snag::chan<int> result;
snag::go([=] { result.send(work()); });
if (timed_out()) return;      // nobody will receive)",
     R"(Give the channel room for what is sent at most (a capacity of 1 here), close it when the sender is done, or let the
goroutine wait in a select with a context that is cancelled.)"},
    {"lost-wake-up", "a notification came before the wait, or never comes",
     R"(Somebody waits for a condition variable, and nobody who can still run could notify it. The notification mostly came
before the wait began, since the condition was not looked at under the lock.)",
     R"(std::unique_lock guard(m);
ready.wait(guard);            // notified already: nobody will again)",
     R"(Wait with a condition, ready.wait(guard, [&] { return done; }), and change `done` under the same lock.)"},
    {"wait-group-never-zero", "a wait group is waited for that nobody counts down",
     R"(More was added than done: a goroutine returned early, panicked or was never started.)",
     R"(group.add(2);
snag::go([=] { if (failed()) return; group.done(); });)",
     R"(Use wait_group::go, which counts by itself, or snag::defer for done().)"},
    {"still-running", "a goroutine or thread outlived the leak_check that it was started in",
     R"(It can still go on: it runs, sleeps, or waits for something that somebody may bring about. But it had not ended
when the snag::leak_check around its start did, nor within that one's `patience` after. In a test it goes on into the
next tests, with whatever it refers to.)",
     R"(snag::leak_check check;
snag::go([] {
  for (;;) snag::sleep_for(1s);   // nothing ends it
});)",
     R"(Give it a way to hear that it is over (a context, a channel that is closed), use it before the scope ends, and wait for
the goroutine, by a wait_group. If it waits for a channel whose handle is a variable of the scope's own function, let
that end first. Who is known and meant goes into leak_check's `ignore`.)"},
    {"thread-not-joined", "a thread has ended, and nobody joined or detached it",
     R"(The system keeps a thread's stack and result until it is joined; one that nobody can join any more keeps them for
ever. A program that starts such threads all the time runs out of memory.)",
     R"(pthread_t thread;
pthread_create(&thread, NULL, work, NULL);
return;                                 // `thread` is lost)",
     R"(Join it; or detach it, if nothing has to wait for it. A std::jthread joins in its destructor.)"},
};

}  // namespace

std::span<const rule> run_time_rules() { return table; }

std::span<const rule> rules() {
  static const std::vector<rule> all = [] {
    std::vector<rule> both(std::begin(table), std::end(table));
    for (const std::span<const rule> more : {hint_rules(), vet_rules()})
      both.insert(both.end(), more.begin(), more.end());
    return both;
  }();
  return all;
}

}  // namespace snag::cli
